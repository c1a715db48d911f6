package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The transport for Linux. Found by {@link java.util.ServiceLoader}. */
public final class EpollTransport implements Transport {
  private static final Module HERE = EpollTransport.class.getModule();
  private static final String REMEDY =
      "start java with --enable-native-access=" + (HERE.isNamed() ? HERE.getName() : "ALL-UNNAMED");

  /** For the {@link java.util.ServiceLoader}. */
  public EpollTransport() {}

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public @Nullable String whyNot(boolean named) {
    if (!System.getProperty("os.name").equals("Linux") || !Abi.isKnown()) {
      return "this is "
          + System.getProperty("os.name")
          + " on "
          + System.getProperty("os.arch")
          + ", not Linux on x86-64 or aarch64";
    }
    if (!named && !HERE.isNativeAccessEnabled()) {
      return "native access is not enabled; " + REMEDY;
    }
    String failure = SelfTest.failure();
    // One who was not denied it has it since the first call.
    return failure == null || HERE.isNativeAccessEnabled()
        ? failure
        : "native access is denied; " + REMEDY;
  }

  @Override
  public StreamPort openStream() throws IOException {
    return new EpollStream(Sockets.open(Abi.SOCK_STREAM), Sockets.FAMILY);
  }

  @Override
  public ListenerPort openListener() throws IOException {
    int fd = Sockets.open(Abi.SOCK_STREAM);
    // As the JDK has it on Unix: a server may start again while its old connections linger.
    Libc.setsockopt(fd, Abi.SOL_SOCKET, Abi.SO_REUSEADDR, 1);
    return new EpollListener(fd, Sockets.FAMILY);
  }

  @Override
  public DatagramPort openDatagram() throws IOException {
    return new EpollDatagram(Sockets.open(Abi.SOCK_DGRAM), Sockets.FAMILY);
  }

  @Override
  public WritePoller openWritePoller() throws IOException {
    return new EpollWritePoller();
  }
}
