package dev.cleanbreak;

import dev.cleanbreak.spi.Transport;

class NioTransportTest extends TransportConformance {
  @Override
  Transport transport() {
    return NioTransport.INSTANCE;
  }
}
