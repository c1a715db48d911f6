package dev.cleanbreak.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The printer's account: what it must notice, and what it must not. */
class LedgerTest {
  private final byte[] content = new Job(7, Blocked.READ).content;
  private final Ledger ledger = new Ledger(content);

  private void enter(int offset, int from, int to) {
    enter(offset, Arrays.copyOfRange(content, from, to));
  }

  private void enter(int offset, byte[] bytes) {
    ledger.enter(offset, bytes, bytes.length);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Test
  void aJobInTwoPartsIsExact() {
    enter(0, 0, 5_000);
    enter(5_000, 5_000, content.length);
    assertEquals(new Ledger.Tally(content.length, 0, 0, 0), ledger.tally(content.length));
  }

  @Test
  void whatTheClientWasNotToldOfIsNotLost() {
    enter(0, 0, 5_000);
    assertEquals(new Ledger.Tally(5_000, 0, 0, 0), ledger.tally(4_000));
    assertEquals(new Ledger.Tally(5_000, 1, 0, 0), ledger.tally(5_001));
  }

  @Test
  void aHoleIsCountedToTheByte() {
    enter(0, join(Arrays.copyOf(content, 3_000), Arrays.copyOfRange(content, 3_001, 9_000)));
    assertEquals(new Ledger.Tally(8_999, 1, 0, 0), ledger.tally(9_000));
  }

  @Test
  void aRepetitionIsCountedToTheByte() {
    enter(0, join(Arrays.copyOf(content, 3_000), Arrays.copyOfRange(content, 2_990, 9_000)));
    assertEquals(new Ledger.Tally(9_010, 0, 10, 0), ledger.tally(9_000));
  }

  @Test
  void aRepetitionOnASecondConnectionIsCounted() {
    enter(0, 0, 5_000);
    enter(4_000, 4_000, 6_000);
    assertEquals(new Ledger.Tally(7_000, 0, 1_000, 0), ledger.tally(6_000));
  }

  @Test
  void foreignBytesAreCounted() {
    enter(0, join(Arrays.copyOf(content, 1_000), new byte[500]));
    assertEquals(new Ledger.Tally(1_500, 0, 0, 500), ledger.tally(1_000));
  }
}
