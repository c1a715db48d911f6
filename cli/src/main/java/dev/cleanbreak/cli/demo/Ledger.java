package dev.cleanbreak.cli.demo;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The printer's account of one job: which byte of it arrived, and how often. It believes only the
 * bytes: where they do not go on as expected it looks for the place in the job that they are from.
 * Guarded by its monitor.
 */
final class Ledger {
  /** So many random bytes are found at one place of the job only. */
  private static final int WINDOW = 16;

  /** After so many bytes in a row that are nowhere in the job, the rest is not searched for. */
  private static final int FOREIGN_LIMIT = 256;

  private final byte[] content;
  private final BitSet arrived;
  private long received;
  private long doubled;
  private long foreign;

  Ledger(byte[] content) {
    this.content = content;
    this.arrived = new BitSet(content.length);
  }

  /**
   * The account of a job.
   *
   * @param received the bytes of the job that came in, on all its connections
   * @param lost bytes that the client was told are accepted and that never came
   * @param doubled bytes that came again
   * @param foreign bytes that are nowhere in the job
   */
  record Tally(long received, long lost, long doubled, long foreign) {
    /** As it is read at the panel. */
    String line() {
      return received + " " + lost + " " + doubled + " " + foreign;
    }

    static Tally parse(String line) {
      String[] numbers = line.split(" ", -1);
      return new Tally(
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]));
    }
  }

  /** Enters what one connection brought, which should begin at {@code offset} of the job. */
  synchronized void enter(int offset, byte[] bytes, int length) {
    received += length;
    int at = offset;
    int lostTrack = 0;
    for (int i = 0; i < length; i++, at++) {
      if (at >= content.length || bytes[i] != content[at]) {
        at = lostTrack < FOREIGN_LIMIT ? find(bytes, i, length) : -1;
        if (at < 0) {
          foreign++;
          lostTrack++;
          at = content.length;
          continue;
        }
      }
      lostTrack = 0;
      if (arrived.get(at)) {
        doubled++;
      }
      arrived.set(at);
    }
  }

  /** Where in the job the bytes from {@code from} on are; -1 if nowhere. */
  private int find(byte[] bytes, int from, int length) {
    int window = Math.min(WINDOW, length - from);
    for (int at = 0; at + window <= content.length; at++) {
      if (content[at] == bytes[from]
          && Arrays.equals(content, at, at + window, bytes, from, from + window)) {
        return at;
      }
    }
    return -1;
  }

  /** The account, for a client that was told that the first {@code told} bytes are accepted. */
  synchronized Tally tally(int told) {
    int kept = arrived.get(0, told).cardinality();
    return new Tally(received, told - kept, doubled, foreign);
  }
}
