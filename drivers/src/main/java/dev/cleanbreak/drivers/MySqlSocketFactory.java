package dev.cleanbreak.drivers;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Objects;

/**
 * Puts MySQL Connector/J on {@link CleanSocket}s: {@code
 * socketFactory=dev.cleanbreak.drivers.MySqlSocketFactory} among the connection's properties. The
 * driver keeps its own properties for timeouts, keep-alive and buffers, and its own TLS.
 *
 * <p>Connector/J makes a factory for each connection, with the constructor without arguments. Other
 * settings come from a subclass that has one:
 *
 * <pre>{@code
 * public final class PatientMySqlSocketFactory extends MySqlSocketFactory {
 *   public PatientMySqlSocketFactory() {
 *     super(SocketSettings.standard().withWriteTimeout(Duration.ofMinutes(1)));
 *   }
 * }
 * }</pre>
 *
 * <p>As Connector/J's own factory: used by one thread, for one connection.
 */
public class MySqlSocketFactory extends StandardSocketFactory {
  private final SocketSettings settings;

  /** A factory with the {@linkplain SocketSettings#standard standard settings}. */
  public MySqlSocketFactory() {
    this(SocketSettings.standard());
  }

  /** A factory of sockets with {@code settings}. */
  protected MySqlSocketFactory(SocketSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /** As the driver's own: the addresses of the host are tried in turn. */
  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // the driver's own signature
  public <T extends Closeable> T connect(
      String hostname, int portNumber, PropertySet properties, int loginTimeout)
      throws IOException {
    try {
      return super.connect(hostname, portNumber, properties, loginTimeout);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  protected Socket createSocket(PropertySet properties) {
    try {
      return new CleanSocket(settings);
    } catch (IOException e) {
      // Out of descriptors: this method may not say so, connect may.
      throw new UncheckedIOException(e);
    }
  }
}
