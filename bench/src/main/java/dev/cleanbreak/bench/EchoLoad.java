package dev.cleanbreak.bench;

/**
 * The work of a ping-pong.
 *
 * @param connections how many at once, each with a client and an echo
 * @param bytes the length of the message that goes to and fro
 * @param threads what blocks in the calls
 */
record EchoLoad(int connections, int bytes, ThreadKind threads) {
  String size() {
    return bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " B";
  }
}
