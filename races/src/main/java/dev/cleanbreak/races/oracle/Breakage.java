package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;

/**
 * Defects of a transport, one after each cut, with which the oracle is tried itself: a run with one
 * of them must find broken cells.
 */
enum Breakage {
  NONE,

  /** What is sent first after a cut is dropped. */
  DROP_TAIL {
    @Override
    int write(StreamPort real, byte[] source, int offset, int length) {
      return length;
    }

    @Override
    boolean drops() {
      return true;
    }
  },

  /** What is sent first after a cut is sent twice. */
  DOUBLE_TAIL {
    @Override
    int write(StreamPort real, byte[] source, int offset, int length) throws IOException {
      int sent = real.write(source, offset, length);
      for (int again = 0; again < sent; ) {
        again += real.write(source, offset + again, sent - again);
      }
      return sent;
    }
  },

  /** What comes first after a cut lacks its first byte. */
  EAT_BYTE {
    @Override
    int read(StreamPort real, byte[] target, int offset, int length) throws IOException {
      return real.read(new byte[1], 0, 1) < 0 ? -1 : 0;
    }
  };

  int write(StreamPort real, byte[] source, int offset, int length) throws IOException {
    return real.write(source, offset, length);
  }

  int read(StreamPort real, byte[] target, int offset, int length) throws IOException {
    return real.read(target, offset, length);
  }

  /** Whether what a write takes goes nowhere. */
  boolean drops() {
    return false;
  }

  String id() {
    return Ids.of(this);
  }

  /**
   * The one with this id.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Breakage of(String id) {
    for (Breakage each : values()) {
      if (each.id().equals(id)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "no defect " + id + "; give drop-tail, double-tail or eat-byte");
  }
}
