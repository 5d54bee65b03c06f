//! Addresses as the blocks that datagrams carry in shared memory: what the facade has not met before is asked here.

use crate::convert::{NativeAddress, errno};
use mioloop_core::address_block;
use mioloop_core::layout::ADDRESS_BYTES;
use napi::bindgen_prelude::{Buffer, Either, Uint8ArraySlice};
use napi_derive::napi;

/// The block of an address, or an errno where its host is no literal one.
#[napi]
pub fn encode_address(address: NativeAddress) -> Either<Buffer, i32> {
    let mut block = vec![0; ADDRESS_BYTES as usize];
    match address.to_address() {
        Ok(address) => {
            let used = address_block::write(&address, &mut block);
            block.truncate(used);
            Either::A(block.into())
        }
        Err(error) => Either::B(errno(&error)),
    }
}

/// The address in a block; null where there is none.
#[napi]
pub fn decode_address(block: Uint8ArraySlice<'_>) -> Option<NativeAddress> {
    address_block::read(&block).as_ref().map(Into::into)
}
