package dev.cleanbreak;

import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for room on many streams with one selector. */
final class NioWritePoller implements WritePoller {
  private final Selector selector;

  NioWritePoller() throws IOException {
    selector = Selector.open();
  }

  @Override
  public void watch(StreamPort port, Object owner) throws IOException {
    ((NioStream) port).channel.register(selector, SelectionKey.OP_WRITE, owner);
  }

  @Override
  public void unwatch(StreamPort port) throws IOException {
    SelectionKey key = ((NioStream) port).channel.keyFor(selector);
    if (key != null) {
      key.cancel();
      // A cancelled key holds the descriptor until the selector has looked at it.
      selector.selectNow();
    }
  }

  @Override
  public void poll(long nanos, Consumer<Object> ready) throws IOException {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    selector.select(key -> ready.accept(key.attachment()), millis);
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
