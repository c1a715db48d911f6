package dev.cleanbreak.cli.demo;

import java.io.Serializable;

/**
 * Where the printer listens, on the loopback address.
 *
 * @param tls 0 if it has no certificate
 */
record PrinterPorts(int panel, int plain, int tls) implements Serializable {
  int of(Wire wire) {
    return wire == Wire.PLAIN ? plain : tls;
  }

  /** The one line that the printer process prints. */
  String line() {
    return panel + " " + plain + " " + tls;
  }

  static PrinterPorts parse(String line) {
    String[] ports = line.split(" ", -1);
    return new PrinterPorts(
        Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), Integer.parseInt(ports[2]));
  }
}
