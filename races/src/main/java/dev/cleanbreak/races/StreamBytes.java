package dev.cleanbreak.races;

import java.util.SplittableRandom;

/** The bytes of one stream: byte {@code i} is a function of the seed, so each is checked alone. */
final class StreamBytes {
  private static final int BLOCK = 1 << 14;
  private static final int SHIFT = 14;

  private final byte[] block = new byte[BLOCK];

  StreamBytes(long seed) {
    new SplittableRandom(seed).nextBytes(block);
  }

  /** The byte at {@code position}; blocks differ by a key, so none can stand for another. */
  private byte at(long position) {
    return (byte) (block[(int) position & (BLOCK - 1)] ^ (byte) ((position >>> SHIFT) * 0x9d));
  }

  void fill(byte[] target, int length, long position) {
    for (int i = 0; i < length; i++) {
      target[i] = at(position + i);
    }
  }

  /** The index of the first byte that is not the one of its position; -1 if all are. */
  int mismatch(byte[] read, int length, long position) {
    for (int i = 0; i < length; i++) {
      if (read[i] != at(position + i)) {
        return i;
      }
    }
    return -1;
  }
}
