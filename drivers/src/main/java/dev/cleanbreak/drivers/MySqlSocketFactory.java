package dev.cleanbreak.drivers;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.SocketSettings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts MySQL Connector/J on {@link CleanSocket}s: {@code
 * socketFactory=dev.cleanbreak.drivers.MySqlSocketFactory} among the connection's properties. The
 * driver keeps its own properties for timeouts, keep-alive and buffers, and its own TLS; for
 * Cleanbreak's, see {@link CleanTlsProvider}.
 *
 * <p>Settings are given by one more property, in the words of {@link SocketSettings#parse}: {@code
 * socketFactoryArg=writeTimeout=30s,interruptPolicy=ignore}. What cannot be written down, a
 * transport, comes from a subclass with a public constructor without arguments, which is how
 * Connector/J makes a factory for each connection:
 *
 * <pre>{@code
 * public final class OtherMySqlSocketFactory extends MySqlSocketFactory {
 *   public OtherMySqlSocketFactory() {
 *     super(SocketSettings.standard().withTransport(transport));
 *   }
 * }
 * }</pre>
 *
 * <p>As Connector/J's own factory: used by one thread, for one connection.
 */
public class MySqlSocketFactory extends StandardSocketFactory {
  private static final String SETTINGS = "socketFactoryArg";

  private final SocketSettings settings;

  /** A factory with the {@linkplain SocketSettings#standard standard settings}. */
  public MySqlSocketFactory() {
    this(SocketSettings.standard());
  }

  /** A factory of sockets with {@code settings}, unless {@code socketFactoryArg} gives others. */
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
    @Nullable RuntimeProperty<String> given = properties.getStringProperty(SETTINGS);
    try {
      return new CleanSocket(given == null ? settings : SocketSettings.parse(given.getValue()));
    } catch (IOException e) {
      // Out of descriptors: this method may not say so, connect may.
      throw new UncheckedIOException(e);
    }
  }
}
