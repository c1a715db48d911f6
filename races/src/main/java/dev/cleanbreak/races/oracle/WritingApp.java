package dev.cleanbreak.races.oracle;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An application that writes bytes through a stream layer, in pieces, and after a throw goes on as
 * the contract allows: with the piece that was cut, behind what the throw says was moved.
 */
abstract class WritingApp {
  private final byte[] data;
  private int at;

  WritingApp(byte[] data) {
    this.data = data;
  }

  /** How one is put above a connection. */
  interface Factory {
    WritingApp over(Rig rig, byte[] data) throws IOException;
  }

  /** The bytes that the layer has accepted, as far as the application was told. */
  final int accepted() {
    return at;
  }

  final byte[] data() {
    return data;
  }

  /** Writes up to {@code end}. */
  final void writeTo(int end) throws IOException {
    while (at < end) {
      int next = Math.min(end, pieceEnd(at));
      try {
        write(at, next);
        at = next;
      } catch (IOException e) {
        at += Attempt.moved(e);
        throw e;
      }
    }
  }

  /** Where the piece that begins at {@code from} ends. */
  int pieceEnd(int from) {
    return data.length;
  }

  abstract void write(int from, int to) throws IOException;

  abstract void flush() throws IOException;

  /** Whether what a throw counts are bytes of the piece that was thrown at, none of another. */
  boolean countsItself() {
    return false;
  }

  /** Above an output stream, without or with a buffer. */
  static final class Stream extends WritingApp {
    private final OutputStream out;
    private final boolean unbuffered;

    private Stream(OutputStream out, boolean unbuffered, byte[] data) {
      super(data);
      this.out = out;
      this.unbuffered = unbuffered;
    }

    static WritingApp plain(Rig rig, byte[] data) throws IOException {
      return new Stream(rig.out(), !rig.isSecure(), data);
    }

    static WritingApp buffered(Rig rig, byte[] data) throws IOException {
      return new Stream(new BufferedOutputStream(rig.out()), false, data);
    }

    @Override
    void write(int from, int to) throws IOException {
      out.write(data(), from, to - from);
    }

    @Override
    void flush() throws IOException {
      out.flush();
    }

    @Override
    boolean countsItself() {
      return unbuffered;
    }
  }

  /** The methods of a {@code DataOutputStream} that are one write each. */
  static final class Data extends WritingApp {
    private static final int[] PIECES = {8, 12, 14, 15, 23};

    private final DataOutputStream out;

    private Data(DataOutputStream out, byte[] data) {
      super(data);
      this.out = out;
    }

    static WritingApp over(Rig rig, byte[] data) throws IOException {
      return new Data(new DataOutputStream(rig.out()), data);
    }

    @Override
    int pieceEnd(int from) {
      for (int end : PIECES) {
        if (from < end) {
          return end;
        }
      }
      return data().length;
    }

    @Override
    void write(int from, int to) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(data());
      switch (to - from) {
        case 8 -> out.writeLong(bytes.getLong(from));
        case 4 -> out.writeInt(bytes.getInt(from));
        case 2 -> out.writeShort(bytes.getShort(from));
        case 1 -> out.writeByte(bytes.get(from));
        default -> out.write(data(), from, to - from);
      }
    }

    @Override
    void flush() throws IOException {
      out.flush();
    }

    @Override
    boolean countsItself() {
      return true;
    }
  }

  /** Above a writer; whole characters only. */
  static final class Text extends WritingApp {
    private final Writer out;

    private Text(Writer out, byte[] data) {
      super(data);
      this.out = out;
    }

    static WritingApp encoder(Rig rig, byte[] data) throws IOException {
      return new Text(new OutputStreamWriter(rig.out(), StandardCharsets.UTF_8), data);
    }

    static WritingApp buffered(Rig rig, byte[] data) throws IOException {
      return new Text(
          new BufferedWriter(new OutputStreamWriter(rig.out(), StandardCharsets.UTF_8)), data);
    }

    @Override
    void write(int from, int to) throws IOException {
      int begin = Message.boundary(data(), from);
      int end = Message.boundary(data(), to);
      out.write(new String(data(), begin, end - begin, StandardCharsets.UTF_8));
    }

    @Override
    void flush() throws IOException {
      out.flush();
    }
  }

  /** The native API: {@code write}, which carries, or {@code writeFully}, which never does. */
  static final class Native extends WritingApp {
    private final Rig rig;
    private final boolean exact;

    private Native(Rig rig, boolean exact, byte[] data) {
      super(data);
      this.rig = rig;
      this.exact = exact;
    }

    static WritingApp carrying(Rig rig, byte[] data) {
      return new Native(rig, false, data);
    }

    static WritingApp exact(Rig rig, byte[] data) {
      return new Native(rig, true, data);
    }

    @Override
    void write(int from, int to) throws IOException {
      ByteBuffer source = ByteBuffer.wrap(data(), from, to - from);
      try {
        if (exact) {
          rig.socket().stream().writeFully(source);
        } else {
          var result = rig.socket().stream().write(source);
          Broken.unless(
              result.accepted() == to - from
                  && result.onWire() + result.carried() == result.accepted(),
              "a write of " + (to - from) + " bytes returned " + result);
        }
      } catch (IOException e) {
        Broken.unless(
            source.position() - from == Attempt.moved(e),
            "a throw counts " + Attempt.moved(e) + " bytes, its buffer " + source);
        throw e;
      }
    }

    @Override
    void flush() throws IOException {
      rig.socket().stream().flush();
    }

    @Override
    boolean countsItself() {
      return true;
    }
  }
}
