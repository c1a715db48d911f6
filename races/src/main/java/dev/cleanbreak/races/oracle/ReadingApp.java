package dev.cleanbreak.races.oracle;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An application that reads through a stream layer, and after a throw simply reads on. */
abstract class ReadingApp {
  /** How one is put above a connection. */
  interface Factory {
    ReadingApp over(Rig rig, int expected) throws IOException;
  }

  /** One call of the layer, for at most {@code max} bytes or characters. */
  abstract void read(int max) throws IOException;

  /** What has come so far. */
  abstract byte[] got();

  /** How many bytes have come so far; of an incomplete character none. */
  abstract int count();

  /** Whether the layer above keeps nothing back, so that what has passed has come. */
  boolean isUnbuffered() {
    return false;
  }

  /** Reads until {@code end} bytes have come. */
  final void readTo(int end) throws IOException {
    while (count() < end) {
      read(end - count());
    }
  }

  /** Those that collect bytes. */
  abstract static class Bytes extends ReadingApp {
    final byte[] bytes;
    int count;

    /** One byte more than is expected: room for what must not come. */
    Bytes(int expected) {
      bytes = new byte[expected + 1];
    }

    final void add(int read) throws EOFException {
      if (read < 0) {
        throw new EOFException("end of stream behind byte " + count);
      }
      count += read;
    }

    @Override
    final byte[] got() {
      return bytes;
    }

    @Override
    final int count() {
      return count;
    }
  }

  /** Below an input stream, without or with a buffer. */
  static final class Stream extends Bytes {
    private final InputStream in;
    private final boolean unbuffered;

    private Stream(InputStream in, boolean unbuffered, int expected) {
      super(expected);
      this.in = in;
      this.unbuffered = unbuffered;
    }

    static ReadingApp plain(Rig rig, int expected) throws IOException {
      return new Stream(rig.in(), !rig.isSecure(), expected);
    }

    static ReadingApp buffered(Rig rig, int expected) throws IOException {
      return new Stream(new BufferedInputStream(rig.in()), false, expected);
    }

    @Override
    void read(int max) throws IOException {
      add(in.read(bytes, count, max));
    }

    @Override
    boolean isUnbuffered() {
      return unbuffered;
    }
  }

  /** The methods of a {@code DataInputStream} that are one read each. */
  static final class Data extends Bytes {
    private static final int SINGLE = 16;

    private final DataInputStream in;

    private Data(DataInputStream in, int expected) {
      super(expected);
      this.in = in;
    }

    static ReadingApp over(Rig rig, int expected) throws IOException {
      return new Data(new DataInputStream(rig.in()), expected);
    }

    @Override
    void read(int max) throws IOException {
      if (count < SINGLE) {
        bytes[count] = in.readByte();
        add(1);
      } else {
        add(in.read(bytes, count, max));
      }
    }

    @Override
    boolean isUnbuffered() {
      return true;
    }
  }

  /** The native API: fills a buffer that keeps its place. */
  static final class Native extends Bytes {
    private final Rig rig;
    private final ByteBuffer target = ByteBuffer.wrap(bytes);

    private Native(Rig rig, int expected) {
      super(expected);
      this.rig = rig;
    }

    static ReadingApp over(Rig rig, int expected) {
      return new Native(rig, expected);
    }

    @Override
    void read(int max) throws IOException {
      int before = target.position();
      target.limit(before + max);
      try {
        rig.socket().stream().readFully(target);
      } finally {
        add(target.position() - before);
      }
    }

    @Override
    boolean isUnbuffered() {
      return true;
    }
  }

  /** Below a reader. */
  static final class Text extends ReadingApp {
    private final Reader in;
    private final StringBuilder text = new StringBuilder();
    private final char[] chars;
    private int count;

    private Text(Reader in, int atOnce) {
      this.in = in;
      this.chars = new char[atOnce];
    }

    static ReadingApp decoder(Rig rig, int expected) throws IOException {
      return new Text(new InputStreamReader(rig.in(), StandardCharsets.UTF_8), 8192);
    }

    /** One character at a time: see {@link Controls#readChars}. */
    static ReadingApp buffered(Rig rig, int expected) throws IOException {
      return new Text(
          new BufferedReader(new InputStreamReader(rig.in(), StandardCharsets.UTF_8)), 1);
    }

    @Override
    void read(int max) throws IOException {
      // A character has up to three bytes: this asks for no more than max of them.
      int n = in.read(chars, 0, Math.min(Math.max(1, max / 3), chars.length));
      if (n < 0) {
        throw new EOFException("end of stream behind byte " + count);
      }
      text.append(chars, 0, n);
      for (int i = 0; i < n; i++) {
        count += chars[i] < 0x80 ? 1 : chars[i] < 0x800 ? 2 : 3;
      }
    }

    @Override
    byte[] got() {
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    int count() {
      return count;
    }
  }
}
