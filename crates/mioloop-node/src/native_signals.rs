//! The signals that a loop handles; what fails gives the negative errno.

use crate::convert::errno;
use crate::libuv::Signals;
use crate::native_loop::NativeLoop;
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// The signals that one loop handles.
#[napi]
pub struct NativeSignals {
    /// `None` once closed.
    signals: Option<Signals>,
}

/// No signals yet, or a negative errno. Throws where the host has no libuv.
#[napi]
pub fn open_signals() -> Result<Either<NativeSignals, i32>> {
    Ok(match Signals::new()? {
        Ok(signals) => Either::A(NativeSignals { signals: Some(signals) }),
        Err(error) => Either::B(-errno(&error)),
    })
}

#[napi]
impl NativeSignals {
    /// Handles `signal` from now on; 0, or a negative errno.
    #[napi]
    pub fn start(&mut self, signal: i32) -> i32 {
        let started = self.signals.as_mut().map_or(Ok(()), |signals| signals.start(signal));
        started.map_or_else(|error| -errno(&error), |()| 0)
    }

    /// Ends `start`.
    #[napi]
    pub fn stop(&mut self, signal: i32) {
        if let Some(signals) = &mut self.signals {
            signals.stop(signal);
        }
    }

    /// The signals that came since the last call, in their order.
    #[napi]
    pub fn take(&mut self) -> Vec<i32> {
        self.signals.as_mut().map_or_else(Vec::new, Signals::take)
    }

    /// Handles none any more. No loop watches them then.
    #[napi]
    pub fn close(&mut self) {
        self.signals = None;
    }
}

#[napi]
impl NativeLoop {
    /// Tells by COMPLETE_SIGNAL when `signals` has something to give; 0, or a negative errno.
    #[napi]
    pub fn watch_signals(&mut self, signals: &NativeSignals) -> Result<i32> {
        let driver = self.open()?;
        let watched =
            signals.signals.as_ref().map_or(Ok(()), |signals| driver.watch_signals(signals.descriptor()));
        Ok(watched.map_or_else(|error| -errno(&error), |()| 0))
    }

    /// Ends `watchSignals`; 0, or a negative errno.
    #[napi]
    pub fn unwatch_signals(&mut self, signals: &NativeSignals) -> Result<i32> {
        let driver = self.open()?;
        let ended =
            signals.signals.as_ref().map_or(Ok(()), |signals| driver.unwatch_signals(signals.descriptor()));
        Ok(ended.map_or_else(|error| -errno(&error), |()| 0))
    }
}
