package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;

/** The transport that sockets have where their settings name none; NIO, unless a property says. */
class StandardTransportTest extends TransportConformance {
  @Override
  Transport transport() {
    return Transports.standard();
  }
}
