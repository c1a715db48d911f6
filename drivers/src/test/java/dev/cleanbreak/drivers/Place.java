package dev.cleanbreak.drivers;

/** Where in a client's work the cut lands. */
enum Place {
  CONNECT("connect"),
  HANDSHAKE("TLS handshake"),
  BEFORE_REPLY("before the first reply byte"),
  MID_REPLY("in the middle of a reply"),
  MID_WRITE("in the middle of a large write");

  final String text;

  Place(String text) {
    this.text = text;
  }
}
