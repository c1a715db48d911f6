package dev.cleanbreak.cli.demo;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a cell sends and what the printer answers. Client and printer each make it from the cell's
 * id, so that both know every byte without having told each other.
 */
final class Job {
  /** Far more than the window of a printer that has jammed. */
  private static final int LARGE = 512 * 1024;

  /** Fits into the window, so that the client comes to wait for the status. */
  private static final int SMALL = 16 * 1024;

  private static final int END = 32;
  private static final int STATUS = 64;

  /** Of the status, what the printer sends before it jams. */
  static final int STATUS_BEFORE_JAM = 20;

  final int id;
  final byte[] content;

  /** Follows the content. Random like all the rest: nothing else can be taken for it. */
  final byte[] end;

  /** The printer's answer to every {@link #end}. */
  final byte[] status;

  Job(int id, Blocked call) {
    this.id = id;
    SplittableRandom random = new SplittableRandom(id);
    content = bytes(random, call == Blocked.WRITE ? LARGE : SMALL);
    end = bytes(random, END);
    status = bytes(random, STATUS);
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Whether {@code received}, up to {@code length}, ends with {@link #end}. */
  boolean isEnded(byte[] received, int length) {
    return length >= END && Arrays.equals(received, length - END, length, end, 0, END);
  }
}
