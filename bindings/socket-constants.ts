// The numbers of the socket calls on this platform, for the namespace `socket`. Python: the constants of its module
// `socket`. They come from the system's headers by way of the addon; no number is written here.
import { socketConstants } from './native/addon.js';

const numbers = socketConstants();

/** A constant that every platform has. */
function number(name: string): number {
  const value = numbers[name];
  if (value === undefined)
    throw new Error(`the native part of mioloop does not know ${name}: it is of another version`);
  return value;
}

/** A constant that only some platforms have; undefined on the others. */
function ifThere(name: string): number | undefined {
  return numbers[name];
}

// ---- address families ----

export const AF_UNSPEC = number('AF_UNSPEC');
export const AF_UNIX = number('AF_UNIX');
export const AF_INET = number('AF_INET');
export const AF_INET6 = number('AF_INET6');

// ---- types of sockets ----

export const SOCK_STREAM = number('SOCK_STREAM');
export const SOCK_DGRAM = number('SOCK_DGRAM');
export const SOCK_RAW = number('SOCK_RAW');
export const SOCK_RDM = number('SOCK_RDM');
export const SOCK_SEQPACKET = number('SOCK_SEQPACKET');
// Linux
export const SOCK_NONBLOCK = ifThere('SOCK_NONBLOCK');
export const SOCK_CLOEXEC = ifThere('SOCK_CLOEXEC');

// ---- protocols, and the levels of their options ----

export const IPPROTO_IP = number('IPPROTO_IP');
export const IPPROTO_HOPOPTS = number('IPPROTO_HOPOPTS');
export const IPPROTO_ICMP = number('IPPROTO_ICMP');
export const IPPROTO_IGMP = number('IPPROTO_IGMP');
export const IPPROTO_IPIP = number('IPPROTO_IPIP');
export const IPPROTO_TCP = number('IPPROTO_TCP');
export const IPPROTO_EGP = number('IPPROTO_EGP');
export const IPPROTO_PUP = number('IPPROTO_PUP');
export const IPPROTO_UDP = number('IPPROTO_UDP');
export const IPPROTO_IDP = number('IPPROTO_IDP');
export const IPPROTO_TP = number('IPPROTO_TP');
export const IPPROTO_IPV6 = number('IPPROTO_IPV6');
export const IPPROTO_ROUTING = number('IPPROTO_ROUTING');
export const IPPROTO_FRAGMENT = number('IPPROTO_FRAGMENT');
export const IPPROTO_RSVP = number('IPPROTO_RSVP');
export const IPPROTO_GRE = number('IPPROTO_GRE');
export const IPPROTO_ESP = number('IPPROTO_ESP');
export const IPPROTO_AH = number('IPPROTO_AH');
export const IPPROTO_ICMPV6 = number('IPPROTO_ICMPV6');
export const IPPROTO_NONE = number('IPPROTO_NONE');
export const IPPROTO_DSTOPTS = number('IPPROTO_DSTOPTS');
export const IPPROTO_PIM = number('IPPROTO_PIM');
export const IPPROTO_SCTP = number('IPPROTO_SCTP');
export const IPPROTO_RAW = number('IPPROTO_RAW');
// Linux
export const IPPROTO_UDPLITE = ifThere('IPPROTO_UDPLITE');
export const IPPROTO_MPTCP = ifThere('IPPROTO_MPTCP');

// ---- levels of options ----

export const SOL_SOCKET = number('SOL_SOCKET');
export const SOL_IP = number('SOL_IP');
export const SOL_TCP = number('SOL_TCP');
export const SOL_UDP = number('SOL_UDP');

// ---- options of every socket ----

export const SO_ACCEPTCONN = number('SO_ACCEPTCONN');
export const SO_BROADCAST = number('SO_BROADCAST');
export const SO_DEBUG = number('SO_DEBUG');
export const SO_DONTROUTE = number('SO_DONTROUTE');
export const SO_ERROR = number('SO_ERROR');
export const SO_KEEPALIVE = number('SO_KEEPALIVE');
export const SO_LINGER = number('SO_LINGER');
export const SO_OOBINLINE = number('SO_OOBINLINE');
export const SO_RCVBUF = number('SO_RCVBUF');
export const SO_RCVLOWAT = number('SO_RCVLOWAT');
export const SO_RCVTIMEO = number('SO_RCVTIMEO');
export const SO_REUSEADDR = number('SO_REUSEADDR');
export const SO_REUSEPORT = number('SO_REUSEPORT');
export const SO_SNDBUF = number('SO_SNDBUF');
export const SO_SNDLOWAT = number('SO_SNDLOWAT');
export const SO_SNDTIMEO = number('SO_SNDTIMEO');
export const SO_TIMESTAMP = number('SO_TIMESTAMP');
export const SO_TYPE = number('SO_TYPE');
// Linux
export const SO_BINDTODEVICE = ifThere('SO_BINDTODEVICE');
export const SO_BUSY_POLL = ifThere('SO_BUSY_POLL');
export const SO_DOMAIN = ifThere('SO_DOMAIN');
export const SO_INCOMING_CPU = ifThere('SO_INCOMING_CPU');
export const SO_MARK = ifThere('SO_MARK');
export const SO_PASSCRED = ifThere('SO_PASSCRED');
export const SO_PASSSEC = ifThere('SO_PASSSEC');
export const SO_PEERCRED = ifThere('SO_PEERCRED');
export const SO_PEERSEC = ifThere('SO_PEERSEC');
export const SO_PRIORITY = ifThere('SO_PRIORITY');
export const SO_PROTOCOL = ifThere('SO_PROTOCOL');
export const SO_ZEROCOPY = ifThere('SO_ZEROCOPY');
// macOS
export const SO_NOSIGPIPE = ifThere('SO_NOSIGPIPE');
export const SO_NREAD = ifThere('SO_NREAD');
export const SO_NWRITE = ifThere('SO_NWRITE');

// ---- options of TCP ----

export const TCP_NODELAY = number('TCP_NODELAY');
export const TCP_MAXSEG = number('TCP_MAXSEG');
export const TCP_KEEPINTVL = number('TCP_KEEPINTVL');
export const TCP_KEEPCNT = number('TCP_KEEPCNT');
export const TCP_FASTOPEN = number('TCP_FASTOPEN');
// Linux
export const TCP_CORK = ifThere('TCP_CORK');
export const TCP_KEEPIDLE = ifThere('TCP_KEEPIDLE');
export const TCP_SYNCNT = ifThere('TCP_SYNCNT');
export const TCP_LINGER2 = ifThere('TCP_LINGER2');
export const TCP_DEFER_ACCEPT = ifThere('TCP_DEFER_ACCEPT');
export const TCP_WINDOW_CLAMP = ifThere('TCP_WINDOW_CLAMP');
export const TCP_INFO = ifThere('TCP_INFO');
export const TCP_QUICKACK = ifThere('TCP_QUICKACK');
export const TCP_CONGESTION = ifThere('TCP_CONGESTION');
export const TCP_USER_TIMEOUT = ifThere('TCP_USER_TIMEOUT');
export const TCP_NOTSENT_LOWAT = ifThere('TCP_NOTSENT_LOWAT');
// macOS
export const TCP_KEEPALIVE = ifThere('TCP_KEEPALIVE');
export const TCP_CONNECTION_INFO = ifThere('TCP_CONNECTION_INFO');

// ---- options of IPv4 ----

export const IP_TOS = number('IP_TOS');
export const IP_TTL = number('IP_TTL');
export const IP_HDRINCL = number('IP_HDRINCL');
export const IP_RECVTOS = number('IP_RECVTOS');
export const IP_RECVTTL = number('IP_RECVTTL');
export const IP_MULTICAST_IF = number('IP_MULTICAST_IF');
export const IP_MULTICAST_TTL = number('IP_MULTICAST_TTL');
export const IP_MULTICAST_LOOP = number('IP_MULTICAST_LOOP');
export const IP_ADD_MEMBERSHIP = number('IP_ADD_MEMBERSHIP');
export const IP_DROP_MEMBERSHIP = number('IP_DROP_MEMBERSHIP');
// Linux
export const IP_OPTIONS = ifThere('IP_OPTIONS');
export const IP_RECVOPTS = ifThere('IP_RECVOPTS');
export const IP_RETOPTS = ifThere('IP_RETOPTS');
export const IP_MTU = ifThere('IP_MTU');
export const IP_MTU_DISCOVER = ifThere('IP_MTU_DISCOVER');
export const IP_RECVERR = ifThere('IP_RECVERR');
export const IP_FREEBIND = ifThere('IP_FREEBIND');
export const IP_TRANSPARENT = ifThere('IP_TRANSPARENT');
export const IP_BIND_ADDRESS_NO_PORT = ifThere('IP_BIND_ADDRESS_NO_PORT');
export const IP_MULTICAST_ALL = ifThere('IP_MULTICAST_ALL');
// macOS
export const IP_BOUND_IF = ifThere('IP_BOUND_IF');

// ---- options of IPv6 ----

export const IPV6_V6ONLY = number('IPV6_V6ONLY');
export const IPV6_UNICAST_HOPS = number('IPV6_UNICAST_HOPS');
export const IPV6_MULTICAST_IF = number('IPV6_MULTICAST_IF');
export const IPV6_MULTICAST_HOPS = number('IPV6_MULTICAST_HOPS');
export const IPV6_MULTICAST_LOOP = number('IPV6_MULTICAST_LOOP');
export const IPV6_CHECKSUM = number('IPV6_CHECKSUM');
export const IPV6_PKTINFO = number('IPV6_PKTINFO');
export const IPV6_RECVPKTINFO = number('IPV6_RECVPKTINFO');
export const IPV6_HOPLIMIT = number('IPV6_HOPLIMIT');
export const IPV6_RECVHOPLIMIT = number('IPV6_RECVHOPLIMIT');
export const IPV6_TCLASS = number('IPV6_TCLASS');
export const IPV6_RECVTCLASS = number('IPV6_RECVTCLASS');
export const IPV6_DONTFRAG = number('IPV6_DONTFRAG');
export const IPV6_JOIN_GROUP = number('IPV6_JOIN_GROUP');
export const IPV6_LEAVE_GROUP = number('IPV6_LEAVE_GROUP');
// Linux
export const IPV6_HOPOPTS = ifThere('IPV6_HOPOPTS');
export const IPV6_RECVHOPOPTS = ifThere('IPV6_RECVHOPOPTS');
export const IPV6_DSTOPTS = ifThere('IPV6_DSTOPTS');
export const IPV6_RECVDSTOPTS = ifThere('IPV6_RECVDSTOPTS');
export const IPV6_RTHDR = ifThere('IPV6_RTHDR');
export const IPV6_RECVRTHDR = ifThere('IPV6_RECVRTHDR');
export const IPV6_RTHDRDSTOPTS = ifThere('IPV6_RTHDRDSTOPTS');
export const IPV6_NEXTHOP = ifThere('IPV6_NEXTHOP');
export const IPV6_PATHMTU = ifThere('IPV6_PATHMTU');
export const IPV6_RECVPATHMTU = ifThere('IPV6_RECVPATHMTU');
export const IPV6_MTU = ifThere('IPV6_MTU');
export const IPV6_MTU_DISCOVER = ifThere('IPV6_MTU_DISCOVER');
export const IPV6_RECVERR = ifThere('IPV6_RECVERR');
// macOS
export const IPV6_BOUND_IF = ifThere('IPV6_BOUND_IF');

// ---- flags of what is sent and received ----

export const MSG_OOB = number('MSG_OOB');
export const MSG_PEEK = number('MSG_PEEK');
export const MSG_DONTROUTE = number('MSG_DONTROUTE');
export const MSG_DONTWAIT = number('MSG_DONTWAIT');
export const MSG_EOR = number('MSG_EOR');
export const MSG_TRUNC = number('MSG_TRUNC');
export const MSG_CTRUNC = number('MSG_CTRUNC');
export const MSG_WAITALL = number('MSG_WAITALL');
export const MSG_NOSIGNAL = number('MSG_NOSIGNAL');
// Linux
export const MSG_MORE = ifThere('MSG_MORE');
export const MSG_CONFIRM = ifThere('MSG_CONFIRM');
export const MSG_ERRQUEUE = ifThere('MSG_ERRQUEUE');
export const MSG_FASTOPEN = ifThere('MSG_FASTOPEN');
export const MSG_CMSG_CLOEXEC = ifThere('MSG_CMSG_CLOEXEC');
export const MSG_WAITFORONE = ifThere('MSG_WAITFORONE');
export const MSG_ZEROCOPY = ifThere('MSG_ZEROCOPY');

// ---- kinds of ancillary data ----

export const SCM_RIGHTS = number('SCM_RIGHTS');
// Linux
export const SCM_CREDENTIALS = ifThere('SCM_CREDENTIALS');

// ---- flags of `getaddrinfo` ----

export const AI_PASSIVE = number('AI_PASSIVE');
export const AI_CANONNAME = number('AI_CANONNAME');
export const AI_NUMERICHOST = number('AI_NUMERICHOST');
export const AI_NUMERICSERV = number('AI_NUMERICSERV');
export const AI_V4MAPPED = number('AI_V4MAPPED');
export const AI_ALL = number('AI_ALL');
export const AI_ADDRCONFIG = number('AI_ADDRCONFIG');

// ---- flags of `getnameinfo` ----

export const NI_NUMERICHOST = number('NI_NUMERICHOST');
export const NI_NUMERICSERV = number('NI_NUMERICSERV');
export const NI_NOFQDN = number('NI_NOFQDN');
export const NI_NAMEREQD = number('NI_NAMEREQD');
export const NI_DGRAM = number('NI_DGRAM');

// ---- which half `shutdown` ends; the longest backlog ----

export const SHUT_RD = number('SHUT_RD');
export const SHUT_WR = number('SHUT_WR');
export const SHUT_RDWR = number('SHUT_RDWR');
export const SOMAXCONN = number('SOMAXCONN');
