package dev.cleanbreak.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory for the arguments of one call that is not critical. It is never freed, so that no
 * call in flight can lose it; their number is that of the calls made at once.
 */
final class Scratch {
  static final Pool<Scratch> POOL = new Pool<>(Scratch::new);

  private static final long VALUE = 128;

  final MemorySegment errno;

  /** An address, a value of an option, an event. */
  final MemorySegment value;

  /** A {@code socklen_t}. */
  final MemorySegment length;

  Scratch() {
    MemorySegment all = Arena.global().allocate(VALUE + 16, 8);
    value = all.asSlice(0, VALUE);
    errno = all.asSlice(VALUE, 4);
    length = all.asSlice(VALUE + 8, 4);
  }
}
