//! `mioloop-mio-echo [datagrams]`: the echo server on mio alone, the limit that mioloop is measured against.
//!
//! One thread, one reused read buffer, a write at once; only what the socket refuses is copied. Prints
//! `PORT <n>` and exits when stdin ends. Over UDP it is a loop of two system calls.

mod stdin;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Registry, Token};

const READ_BUFFER: usize = 128 * 1024;
const LISTENER: Token = Token(usize::MAX - 1);

fn main() -> io::Result<()> {
    thread::spawn(|| {
        stdin::wait_for_end();
        std::process::exit(0);
    });
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    match std::env::args().nth(1).as_deref() {
        Some("datagrams") => echo_datagrams(&UdpSocket::bind(address)?),
        _ => echo_streams(TcpListener::bind(address)?),
    }
}

fn echo_datagrams(socket: &UdpSocket) -> io::Result<()> {
    println!("PORT {}", socket.local_addr()?.port());
    let mut buffer = vec![0; READ_BUFFER];
    loop {
        let (count, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], from)?;
    }
}

fn echo_streams(mut listener: TcpListener) -> io::Result<()> {
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("PORT {}", listener.local_addr()?.port());
    let mut clients = Clients::default();
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; READ_BUFFER];
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        }
        for event in &events {
            match event.token() {
                LISTENER => clients.accept(&listener, poll.registry())?,
                Token(slot) => clients.serve(slot, &mut buffer),
            }
        }
    }
}

/// Open connections; the token of one is its slot.
#[derive(Debug, Default)]
struct Clients {
    slots: Vec<Option<Client>>,
    free: Vec<usize>,
}

impl Clients {
    fn accept(&mut self, listener: &TcpListener, registry: &Registry) -> io::Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            stream.set_nodelay(true)?;
            let slot = self.free.pop().unwrap_or(self.slots.len());
            registry.register(&mut stream, Token(slot), Interest::READABLE | Interest::WRITABLE)?;
            let client = Some(Client { stream, unsent: Vec::new() });
            match self.slots.get_mut(slot) {
                Some(empty) => *empty = client,
                None => self.slots.push(client),
            }
        }
    }

    fn serve(&mut self, slot: usize, buffer: &mut [u8]) {
        let Some(Some(client)) = self.slots.get_mut(slot) else { return };
        if !matches!(client.echo(buffer), Ok(true)) {
            // Closing the descriptor also takes it out of the selector.
            self.slots[slot] = None;
            self.free.push(slot);
        }
    }
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    /// What the socket did not take; while it is not empty nothing is read.
    unsent: Vec<u8>,
}

impl Client {
    /// Echoes until the socket is empty or full; false at the end of the stream.
    fn echo(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        if !self.unsent.is_empty() {
            let sent = send(&mut self.stream, &self.unsent)?;
            self.unsent.drain(..sent);
        }
        while self.unsent.is_empty() {
            let count = match self.stream.read(buffer) {
                Ok(0) => return Ok(false),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let sent = send(&mut self.stream, &buffer[..count])?;
            self.unsent.extend_from_slice(&buffer[sent..count]);
            // A short read has emptied the socket: the next bytes bring a new edge.
            if count < buffer.len() && self.unsent.is_empty() {
                return Ok(true);
            }
        }
        Ok(true)
    }
}

/// Writes until all is sent or the socket is full; bytes sent.
fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
