package dev.cleanbreak.drivers;

import dev.cleanbreak.CleanSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Comparator;
import javax.net.SocketFactory;

/**
 * Puts JNDI's LDAP provider on {@link dev.cleanbreak.CleanSocket}s and lets it pool its
 * connections: {@code java.naming.ldap.factory.socket} is this class's name, {@code
 * com.sun.jndi.ldap.connect.pool} is {@code true}.
 *
 * <p>The provider pools only sockets of a factory that is a {@link Comparator}, and has it compare
 * the names of factory classes: two connections are alike if their factories are. Over any other
 * factory, such as {@link CleanSocketFactory}, it silently does not pool.
 */
public final class CleanLdapSocketFactory extends SocketFactory implements Comparator<String> {
  private final CleanSocketFactory sockets = new CleanSocketFactory();

  private CleanLdapSocketFactory() {}

  /** A factory with the standard settings, in the form that JNDI looks for. */
  public static SocketFactory getDefault() {
    return new CleanLdapSocketFactory();
  }

  @Override
  public int compare(String oneClass, String otherClass) {
    return oneClass.compareTo(otherClass);
  }

  @Override
  public Socket createSocket() throws IOException {
    return sockets.createSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }
}
