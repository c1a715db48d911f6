package dev.cleanbreak.drivers;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedModifyRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Hashtable;
import java.util.concurrent.atomic.AtomicLong;
import javax.naming.Context;

/** A real directory, plain, with StartTLS, and under TLS, that counts the modifications. */
public final class DirectoryUnderTest {
  private static final String BASE = "dc=example,dc=com";
  public static final String SMALL = "cn=small," + BASE;
  static final String LARGE = "cn=large," + BASE;
  static final int SIZE = 2 * 1024 * 1024;

  private final AtomicLong modified = new AtomicLong();
  private InMemoryDirectoryServer directory;

  public void start() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", loopback, 0, TlsCredentials.server().getSocketFactory()),
        InMemoryListenerConfig.createLDAPSConfig(
            "tls", loopback, 0, TlsCredentials.server().getServerSocketFactory(), null));
    config.setSchema(null);
    config.addInMemoryOperationInterceptor(
        new InMemoryOperationInterceptor() {
          @Override
          public void processModifyRequest(InMemoryInterceptedModifyRequest request) {
            modified.incrementAndGet();
          }
        });
    directory = new InMemoryDirectoryServer(config);
    directory.startListening();
    directory.add("dn: " + BASE, "objectClass: domain", "dc: example");
    directory.add("dn: " + SMALL, "objectClass: person", "cn: small", "sn: small");
    directory.add(
        "dn: " + LARGE,
        "objectClass: person",
        "cn: large",
        "sn: large",
        "description: " + "x".repeat(SIZE));
  }

  public void stop() {
    directory.shutDown(true);
  }

  public InetSocketAddress address(boolean tls) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), directory.getListenPort(tls ? "tls" : "plain"));
  }

  /** The modifications since it was started. */
  long modified() {
    return modified.get();
  }

  /** The directory has a thread for each connection. */
  static long connections() {
    return MailServerUnderTest.serving("LDAPListenerClientConnection");
  }

  static Hashtable<String, String> environment(String scheme, int port, Class<?> factory) {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    environment.put(Context.PROVIDER_URL, scheme + "://localhost:" + port);
    environment.put("com.sun.jndi.ldap.connect.timeout", "30000");
    environment.put("java.naming.ldap.factory.socket", factory.getName());
    return environment;
  }
}
