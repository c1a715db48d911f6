package dev.cleanbreak;

/** A version of TLS, and which side of it is ours. */
enum TlsCase {
  CLIENT_1_2("TLSv1.2", true),
  CLIENT_1_3("TLSv1.3", true),
  SERVER_1_2("TLSv1.2", false),
  SERVER_1_3("TLSv1.3", false);

  final String protocol;
  final boolean client;

  TlsCase(String protocol, boolean client) {
    this.protocol = protocol;
    this.client = client;
  }
}
