//! A driver with memory of its own, and JavaScript's part of the rings: what the facade does, in Rust.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]
#![expect(dead_code, reason = "each test uses a part of it")]

use mioloop_core::accept::ListenOptions;
use mioloop_core::address::Address;
use mioloop_core::address_block;
use mioloop_core::datagram::Unsent;
use mioloop_core::driver::{Driver, Received};
use mioloop_core::file::FilePart;
use mioloop_core::layout::*;
use mioloop_core::rings::Shared;
use mioloop_core::tokens::Key;
use std::io::IoSlice;
use std::net::SocketAddr;

/// What a completion said, with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub kind: u32,
    pub key: Key,
    pub other: Key,
    pub detail: u32,
    pub bytes: Vec<u8>,
    pub offset: u32,
}

pub struct Bench {
    pub driver: Driver,
    header: Vec<u32>,
    submissions: Vec<u32>,
    outgoing: Vec<u8>,
    completions: Vec<u32>,
    incoming: Vec<u8>,
    datagrams: Vec<u8>,
    pub buffered: Vec<f64>,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            driver: Driver::new().unwrap(),
            header: vec![0; HEADER_WORDS as usize],
            submissions: vec![0; (SUBMISSION_CAPACITY * SUBMISSION_WORDS) as usize],
            outgoing: vec![0; OUTGOING_BYTES as usize],
            completions: vec![0; (COMPLETION_CAPACITY * COMPLETION_WORDS) as usize],
            incoming: vec![0; INCOMING_BYTES as usize],
            datagrams: vec![0; (DATAGRAM_SLOTS * DATAGRAM_SLOT_BYTES) as usize],
            buffered: vec![0.0; 64],
        }
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Driver, &mut Shared<'_>) -> T) -> T {
        let mut shared = Shared {
            header: &mut self.header,
            submissions: &self.submissions,
            outgoing: &self.outgoing,
            completions: &mut self.completions,
            incoming: &mut self.incoming,
            datagrams: &mut self.datagrams,
            buffered: &mut self.buffered,
        };
        act(&mut self.driver, &mut shared)
    }

    pub fn submit(&mut self, kind: u32, key: Key, offset: u32, length: u32) {
        let start = (self.header[HEADER_SUBMITTED as usize] * SUBMISSION_WORDS) as usize;
        let record = &mut self.submissions[start..start + SUBMISSION_WORDS as usize];
        record[RECORD_KIND as usize] = kind;
        record[RECORD_SLOT as usize] = key.slot;
        record[RECORD_GENERATION as usize] = key.generation;
        record[RECORD_OFFSET as usize] = offset;
        record[RECORD_LENGTH as usize] = length;
        self.header[HEADER_SUBMITTED as usize] += 1;
    }

    pub fn submit_timer(&mut self, slot: u32, generation: u32, when: f64) {
        let start = (self.header[HEADER_SUBMITTED as usize] * SUBMISSION_WORDS) as usize;
        self.submit(SUBMIT_TIMER, Key { slot, generation }, 0, 0);
        let bytes = when.to_ne_bytes();
        let word = start + RECORD_WHEN as usize * 2;
        self.submissions[word] = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        self.submissions[word + 1] = u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    }

    pub fn submit_write(&mut self, key: Key, data: &[u8]) {
        let offset = self.header[HEADER_OUTGOING as usize];
        self.outgoing[offset as usize..offset as usize + data.len()].copy_from_slice(data);
        self.submit(SUBMIT_WRITE, key, offset, data.len() as u32);
        self.header[HEADER_OUTGOING as usize] += data.len() as u32;
    }

    pub fn submit_datagram(&mut self, key: Key, data: &[u8], to: Option<&Address>) {
        let start = self.header[HEADER_OUTGOING as usize].next_multiple_of(4);
        let mut block = [0; ADDRESS_BYTES as usize];
        let used = to.map_or(0, |to| address_block::write(to, &mut block));
        let bytes = [&block[..used], data].concat();
        self.outgoing[start as usize..start as usize + bytes.len()].copy_from_slice(&bytes);
        let record = (self.header[HEADER_SUBMITTED as usize] * SUBMISSION_WORDS + RECORD_DETAIL) as usize;
        self.submissions[record] = used as u32;
        self.submit(SUBMIT_SENDTO, key, start, data.len() as u32);
        self.header[HEADER_OUTGOING as usize] = start + bytes.len() as u32;
    }

    pub fn send_now(&mut self, key: Key, data: &[u8], to: Option<&Address>) {
        let mut block = [0; ADDRESS_BYTES as usize];
        let used = to.map_or(0, |to| address_block::write(to, &mut block));
        self.with(|driver, shared| driver.send_to(shared, key, data, &block[..used]));
    }

    pub fn unsent(&mut self, key: Key) -> Vec<Unsent> {
        self.with(|driver, shared| driver.take_unsent(shared, key))
    }

    /// Where the sender's address of a datagram is.
    pub fn sender(&self, told: &Told) -> Option<Address> {
        address_block::read(&self.datagrams[told.detail as usize..])
    }

    pub fn apply(&mut self) {
        self.with(|driver, shared| driver.apply(shared));
    }

    pub fn write_now(&mut self, key: Key, data: &[u8]) -> usize {
        self.with(|driver, shared| driver.write(shared, key, &mut [IoSlice::new(data)]))
    }

    pub fn send_file(&mut self, key: Key, part: FilePart) -> std::io::Result<Option<u32>> {
        self.with(|driver, shared| driver.send_file(shared, key, part))
    }

    pub fn end_file(&mut self, key: Key) -> u64 {
        self.with(|driver, shared| driver.end_file(shared, key))
    }

    pub fn recv_into(&mut self, key: Key, buffer: &mut [u8]) -> Received {
        self.with(|driver, shared| driver.recv_into(shared, key, buffer))
    }

    pub fn rearm(&mut self, key: Key, bits: u32) -> std::io::Result<()> {
        self.with(|driver, shared| driver.rearm(shared, key, bits))
    }

    /// One turn; everything that it told.
    pub fn turn(&mut self, way: u32) -> Vec<Told> {
        let mut count = self.with(|driver, shared| driver.poll(shared, way)).unwrap();
        let mut told = Vec::new();
        loop {
            for index in 0..count {
                told.push(self.told(index));
            }
            if self.header[HEADER_MORE as usize] == 0 {
                return told;
            }
            count = self.with(|driver, shared| driver.more(shared));
        }
    }

    /// Turns until one tells something of `kind`; everything told meanwhile.
    pub fn until(&mut self, kind: u32) -> Vec<Told> {
        let mut all = Vec::new();
        for _ in 0..10_000 {
            all.extend(self.turn(POLL_SLEEP));
            if all.iter().any(|told| told.kind == kind) {
                return all;
            }
        }
        panic!("{kind} never came; only {all:?}");
    }

    pub fn listen(&mut self) -> (Key, SocketAddr) {
        let options = ListenOptions { reuse_address: true, ..ListenOptions::default() };
        let address = SocketAddr::from(([127, 0, 0, 1], 0)).into();
        let key = self.driver.bind(&address, options, 100).unwrap();
        self.driver.serve(key).unwrap();
        match self.driver.addresses(key).unwrap().local {
            Address::Internet(address) => (key, address),
            other => panic!("{other:?} is no address of the internet"),
        }
    }

    /// A connection of ours, accepted and reading, with the stranger's end of it.
    pub fn connection(&mut self) -> (Key, std::net::TcpStream) {
        let (listener, address) = self.listen();
        let stranger = std::net::TcpStream::connect(address).unwrap();
        let told = self.until(COMPLETE_ACCEPTED);
        let key = told.iter().find(|told| told.kind == COMPLETE_ACCEPTED).unwrap().other;
        self.submit(SUBMIT_CLOSE, listener, 0, 0);
        self.submit(SUBMIT_RESUME, key, 0, 0);
        self.apply();
        (key, stranger)
    }

    fn told(&self, index: usize) -> Told {
        let record = &self.completions[index * COMPLETION_WORDS as usize..];
        let (offset, length) = (record[RECORD_OFFSET as usize], record[RECORD_LENGTH as usize]);
        let kind = record[RECORD_KIND as usize];
        let place = offset as usize..offset as usize + length as usize;
        let bytes = match kind {
            COMPLETE_DATA => self.incoming[place].to_vec(),
            COMPLETE_DATAGRAM => self.datagrams[place].to_vec(),
            _ => Vec::new(),
        };
        Told {
            kind,
            key: Key { slot: record[RECORD_SLOT as usize], generation: record[RECORD_GENERATION as usize] },
            other: Key { slot: offset, generation: length },
            detail: record[RECORD_DETAIL as usize],
            bytes,
            offset,
        }
    }
}

pub fn kinds(told: &[Told]) -> Vec<u32> {
    told.iter().map(|told| told.kind).collect()
}

pub fn bytes(told: &[Told]) -> Vec<u8> {
    told.iter().flat_map(|told| told.bytes.clone()).collect()
}
