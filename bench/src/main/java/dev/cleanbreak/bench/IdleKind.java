package dev.cleanbreak.bench;

import java.io.Closeable;
import java.util.function.UnaryOperator;

/** The connections that are compared while nothing happens on them. */
enum IdleKind {
  SOCKET("java.net.Socket", n -> RestingSockets.open(SocketKind.SOCKET, n)),
  NETTY("Netty, epoll", NettyEcho::idle),
  NIO("Cleanbreak (nio)", n -> RestingSockets.open(SocketKind.NIO, n)),
  EPOLL("Cleanbreak (epoll)", n -> RestingSockets.open(SocketKind.EPOLL, n)),
  SOCKET_BLOCKED(SocketKind.SOCKET),
  SOCKET_TIMEOUT_BLOCKED(SocketKind.SOCKET_TIMEOUT),
  NIO_BLOCKED(SocketKind.NIO),
  NIO_TIMEOUT_BLOCKED(SocketKind.NIO_TIMEOUT),
  EPOLL_BLOCKED(SocketKind.EPOLL),
  EPOLL_TIMEOUT_BLOCKED(SocketKind.EPOLL_TIMEOUT);

  /** Opens so many of them, which stay idle until they are closed. */
  private interface Opening {
    Closeable open(int count) throws Exception;
  }

  final String title;
  private final boolean threads;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Opening opening;

  IdleKind(String title, Opening opening) {
    this.title = title;
    this.threads = false;
    this.opening = opening;
  }

  IdleKind(SocketKind kind) {
    this.title = kind.title;
    this.threads = true;
    this.opening = n -> BlockedReads.open(kind, n, UnaryOperator.identity());
  }

  /** Whether a virtual thread blocks on each. */
  boolean threads() {
    return threads;
  }

  Closeable open(int count) throws Exception {
    return opening.open(count);
  }
}
