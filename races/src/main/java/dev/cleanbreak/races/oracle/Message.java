package dev.cleanbreak.races.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What goes over the wire: random text of one, two and three bytes a character, cut to an exact
 * number of bytes. No two messages of a run begin alike, so that a stray byte of one is found in
 * the next.
 */
final class Message {
  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789äöüßéèñ€→✓";

  private Message() {}

  /** Text of {@code length} bytes, followed by text of {@code trailer} bytes. */
  static byte[] of(RandomGenerator random, int length, int trailer) {
    byte[] bytes = new byte[length + trailer];
    fill(random, bytes, 0, length);
    fill(random, bytes, length, bytes.length);
    return bytes;
  }

  private static void fill(RandomGenerator random, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int index = random.nextInt(ALPHABET.length());
      byte[] one = ENCODED[index];
      if (one.length > to - at) {
        one = ENCODED[0];
      }
      System.arraycopy(one, 0, bytes, at, one.length);
      at += one.length;
    }
  }

  private static final byte[][] ENCODED =
      ALPHABET
          .codePoints()
          .mapToObj(c -> Character.toString(c).getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  /** The last beginning of a character at or before {@code at}. */
  static int boundary(byte[] bytes, int at) {
    int boundary = at;
    while (boundary > 0 && boundary < bytes.length && (bytes[boundary] & 0xC0) == 0x80) {
      boundary--;
    }
    return boundary;
  }

  /** Fails unless {@code got} is how {@code expected} begins. */
  static void requirePrefix(byte[] expected, byte[] got, int count, String who) {
    int differs = Arrays.mismatch(expected, 0, Math.min(count, expected.length), got, 0, count);
    if (differs >= 0) {
      throw new Broken(
          who + " has wrong bytes from " + differs + " on, of " + expected.length + " bytes");
    }
  }

  /** Fails unless {@code got} is exactly {@code expected}. */
  static void requireAll(byte[] expected, byte[] got, int count, String who) {
    requirePrefix(expected, got, count, who);
    Broken.unless(
        count == expected.length, who + " has " + count + " of " + expected.length + " bytes");
  }
}
