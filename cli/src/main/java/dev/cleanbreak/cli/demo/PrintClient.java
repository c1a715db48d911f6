package dev.cleanbreak.cli.demo;

import dev.cleanbreak.CutException;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain print client: writes the job in chunks, reads the status, and remembers what it was told,
 * so that a call that was cut can be made again. The same code for every kind of socket.
 *
 * <p>One thread at a time makes calls; others may look at the volatile fields.
 */
final class PrintClient {
  /** The offset that the first connection of a job sends. */
  static final int FROM_THE_START = -1;

  private static final int CHUNK = 32 * 1024;

  final Socket socket;
  private final Job job;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] status;
  private int statusRead;

  /** How many bytes of the job were accepted as far as the exceptions and returns say. */
  private final AtomicInteger told;

  /** When the present or last call began. */
  private volatile long callBegan = System.nanoTime();

  /** When reads must end, kept by hand with SO_TIMEOUT; 0 for no deadline. */
  private volatile long readDeadline;

  /**
   * Takes a connected socket over and announces the job.
   *
   * @param offset where the job goes on, or {@link #FROM_THE_START}
   */
  PrintClient(Socket socket, Job job, int offset) throws IOException {
    this.socket = socket;
    this.job = job;
    this.told = new AtomicInteger(Math.max(0, offset));
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.status = new byte[job.status.length];
    DataOutputStream header = new DataOutputStream(out);
    header.writeInt(job.id);
    header.writeInt(offset);
  }

  int told() {
    return told.get();
  }

  long callBegan() {
    return callBegan;
  }

  void readDeadline(long at) {
    readDeadline = at;
  }

  /** Sends what is left of the job. */
  void sendJob() throws IOException {
    for (int from; (from = told.get()) < job.content.length; ) {
      int length = Math.min(CHUNK, job.content.length - from);
      callBegan = System.nanoTime();
      try {
        out.write(job.content, from, length);
      } catch (IOException e) {
        told.addAndGet((int) movedBefore(e));
        throw e;
      }
      told.addAndGet(length);
    }
  }

  private static long movedBefore(IOException e) {
    return switch (e) {
      case CutException cut -> cut.bytesMoved();
      case InterruptedIOException interrupted -> interrupted.bytesTransferred;
      default -> 0;
    };
  }

  void sendEnd() throws IOException {
    out.write(job.end);
  }

  /** Reads what is left of the status. */
  void readStatus() throws IOException {
    while (statusRead < status.length) {
      callBegan = System.nanoTime();
      if (readDeadline != 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(readDeadline - System.nanoTime());
        socket.setSoTimeout((int) Math.max(1, left));
      }
      int n = in.read(status, statusRead, status.length - statusRead);
      if (n < 0) {
        throw new EOFException("the printer hung up within its status");
      }
      statusRead += n;
    }
    if (!Arrays.equals(status, job.status)) {
      throw new IOException("the status is not the one that the printer sends");
    }
  }

  /**
   * Does what is left to do, and one exchange more.
   *
   * @param endIsSent whether the job was complete and only its status is missing
   */
  void finish(boolean endIsSent) throws IOException {
    socket.setSoTimeout(0);
    readDeadline = 0;
    sendJob();
    if (!endIsSent) {
      sendEnd();
    }
    readStatus();
    statusRead = 0;
    Arrays.fill(status, (byte) 0);
    sendEnd();
    readStatus();
  }
}
