// The namespace `socket` of the public API: sockets of the user's and the numbers of the socket calls. Python: the
// module `socket`.
export { type FromDescriptor, Socket, socketpair } from './socket.js';
export * from './socket-constants.js';
