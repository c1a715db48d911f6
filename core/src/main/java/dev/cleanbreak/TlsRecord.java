package dev.cleanbreak;

import java.nio.ByteBuffer;

/** The outer shape of a TLS record (RFC 8446, section 5.1; RFC 5246, section 6.2.1). */
final class TlsRecord {
  static final int HEADER = 5;

  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int APPLICATION_DATA = 23;
  private static final int MAJOR_VERSION = 3;
  private static final int LENGTH = 3;

  private TlsRecord() {}

  /** Whether {@code bytes} are exactly one record. Consumes nothing. */
  static boolean isWhole(ByteBuffer bytes) {
    int at = bytes.position();
    if (bytes.remaining() <= HEADER || bytes.get(at + 1) != MAJOR_VERSION) {
      return false;
    }
    int type = bytes.get(at);
    int length = Short.toUnsignedInt(bytes.getShort(at + LENGTH));
    return type >= CHANGE_CIPHER_SPEC
        && type <= APPLICATION_DATA
        && length == bytes.remaining() - HEADER;
  }

  /**
   * Where the record ends whose beginning stands in {@code bytes} up to its position: the end of
   * its header as long as that is not whole.
   */
  static int end(ByteBuffer bytes) {
    return bytes.position() < HEADER
        ? HEADER
        : HEADER + Short.toUnsignedInt(bytes.getShort(LENGTH));
  }
}
