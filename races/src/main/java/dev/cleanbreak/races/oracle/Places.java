package dev.cleanbreak.races.oracle;

import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The lengths of a layer's messages, and where in each of them it is cut. */
final class Places {
  /** Up to here every offset is tried. */
  private static final int DENSE = 600;

  /** How far around each boundary. */
  private static final int NEAR = 2;

  /** The buffer of the JDK's stream layers. */
  private static final int BUFFER = 8192;

  private static final int CARRY = Stand.CARRY;

  /** Every length that the layers above, TLS, the carry or the transport treat apart. */
  private static final List<Integer> LENGTHS =
      List.of(
          1,
          5,
          BUFFER - 1,
          BUFFER,
          BUFFER + 1,
          Tls.RECORD - Tls.OVERHEAD_1_2,
          Tls.RECORD - Tls.OVERHEAD_1_3,
          Tls.RECORD,
          Tls.RECORD + Tls.OVERHEAD_1_3,
          Tls.RECORD + Tls.OVERHEAD_1_2,
          CARRY - 1,
          CARRY,
          CARRY + 1,
          3 * CARRY);

  private final List<Integer> lengths;
  private final IntFunction<IntStream> offsets;

  private Places(List<Integer> lengths, IntFunction<IntStream> offsets) {
    this.lengths = lengths;
    this.offsets = offsets;
  }

  List<Integer> lengths() {
    return lengths;
  }

  int[] offsets(int length) {
    return offsets.apply(length).toArray();
  }

  /** Directly on the socket: what passes are the bytes of the message. */
  static Places plain() {
    return new Places(LENGTHS, length -> around(0, length, BUFFER, Tls.RECORD, CARRY, 2 * CARRY));
  }

  /** Under TLS: what passes are records. */
  static Places under(Tls tls) {
    int record = tls.onWire(Tls.RECORD);
    return new Places(
        LENGTHS, length -> around(0, tls.onWire(length), 5, record, record + 5, 8 * record, CARRY));
  }

  /** Within a message that has begun and is not complete. */
  static Places within() {
    return new Places(LENGTHS, length -> around(1, length - 1, BUFFER, Tls.RECORD, CARRY));
  }

  /** Every offset of one length. */
  static Places every(int length, int from, int to) {
    return new Places(List.of(length), any -> IntStream.rangeClosed(from, to));
  }

  /** One offset of each length. */
  static Places at(int offset, Integer... lengths) {
    return new Places(List.of(lengths), any -> IntStream.of(offset));
  }

  /** The dense run, and what is near to a boundary or the end. */
  private static IntStream around(int first, int last, int... boundaries) {
    TreeSet<Integer> offsets = new TreeSet<>();
    IntStream.rangeClosed(first, Math.min(DENSE, last)).forEach(offsets::add);
    IntStream.concat(IntStream.of(last), IntStream.of(boundaries))
        .flatMap(boundary -> IntStream.rangeClosed(boundary - NEAR, boundary + NEAR))
        .filter(offset -> offset >= first && offset <= last)
        .forEach(offsets::add);
    return offsets.stream().mapToInt(Integer::intValue);
  }
}
