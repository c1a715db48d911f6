package dev.cleanbreak;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a cut that is the same for every call it ends.
 *
 * @param kind what ended the calls
 * @param reason the words of whoever cut, or null
 * @param origin who cut, or null when no thread did or none was seen
 * @param time when
 * @param scope the name of the scope that was cut, or null when it was not a scope
 */
record CutCause(
    CutKind kind,
    @Nullable String reason,
    @Nullable CutOrigin origin,
    Instant time,
    @Nullable String scope) {

  /** The record of one call that this cut has ended. */
  Cut ended(
      Operation call,
      Duration waited,
      @Nullable SocketAddress local,
      @Nullable SocketAddress remote) {
    return new Cut(kind, reason, origin, time, scope, call, waited, local, remote);
  }

  /** A cut made by the current thread. */
  static CutCause here(CutKind kind, @Nullable String reason, @Nullable String scope) {
    return new CutCause(kind, reason, CutOrigin.here(kind.text()), Instant.now(), scope);
  }

  /** A cut that no thread made, or whose thread nobody saw. */
  static CutCause unseen(CutKind kind, @Nullable String reason, @Nullable String scope) {
    return new CutCause(kind, reason, null, Instant.now(), scope);
  }
}
