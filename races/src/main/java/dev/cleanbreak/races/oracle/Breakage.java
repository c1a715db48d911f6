package dev.cleanbreak.races.oracle;

import dev.cleanbreak.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Defects of a transport, one after each cut, with which the oracle is tried itself: a run with one
 * of them must find broken cells.
 */
enum Breakage {
  NONE,

  /** What is sent first after a cut is dropped. */
  DROP_TAIL {
    @Override
    int write(StreamPort real, ByteBuffer source) {
      int dropped = source.remaining();
      source.position(source.limit());
      return dropped;
    }

    @Override
    boolean drops() {
      return true;
    }
  },

  /** What is sent first after a cut is sent twice. */
  DOUBLE_TAIL {
    @Override
    int write(StreamPort real, ByteBuffer source) throws IOException {
      ByteBuffer first = source.duplicate();
      int sent = real.write(first);
      ByteBuffer again = source.duplicate().limit(source.position() + sent);
      while (again.hasRemaining()) {
        real.write(again);
      }
      source.position(source.position() + sent);
      return sent;
    }
  },

  /** What comes first after a cut lacks its first byte. */
  EAT_BYTE {
    @Override
    int read(StreamPort real, ByteBuffer target) throws IOException {
      return real.read(ByteBuffer.allocate(1)) < 0 ? -1 : 0;
    }
  };

  int write(StreamPort real, ByteBuffer source) throws IOException {
    return real.write(source);
  }

  int read(StreamPort real, ByteBuffer target) throws IOException {
    return real.read(target);
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
