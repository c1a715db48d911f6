package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedModifyRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import dev.cleanbreak.CleanSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.concurrent.atomic.AtomicLong;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The JDK's LDAP provider against a real directory. The table stands in docs/drivers/ldap.md. */
class LdapCutTest extends ClientCuts {
  private static final String BASE = "dc=example,dc=com";
  private static final String SMALL = "cn=small," + BASE;
  private static final String LARGE = "cn=large," + BASE;
  private static final byte[] VALUE = new byte[2 * 1024 * 1024];

  private final AtomicLong modified = new AtomicLong();
  private InMemoryDirectoryServer directory;

  /** In the form that JNDI looks for; it need not be a factory itself. */
  public static final class Ldaps {
    private Ldaps() {}

    public static SocketFactory getDefault() {
      return TlsCredentials.clientSockets();
    }
  }

  LdapCutTest() {
    super("ldap.md", "ldap");
  }

  @BeforeAll
  void start() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("plain", loopback, 0, null),
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
        "description: " + "x".repeat(VALUE.length));
  }

  @AfterAll
  void stop() {
    directory.shutDown(true);
  }

  @Override
  InetSocketAddress server(boolean tls) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), directory.getListenPort(tls ? "tls" : "plain"));
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    return new LdapRig(relay, tls);
  }

  private final class LdapRig implements Rig {
    private final Relay relay;
    private final boolean tls;
    private final long modifiedBefore = modified.get();
    private DirContext context;

    LdapRig(Relay relay, boolean tls) {
      this.relay = relay;
      this.tls = tls;
    }

    private DirContext context() throws NamingException {
      if (context == null) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(
            Context.PROVIDER_URL, (tls ? "ldaps" : "ldap") + "://localhost:" + relay.port());
        environment.put("com.sun.jndi.ldap.connect.timeout", "30000");
        environment.put(
            "java.naming.ldap.factory.socket",
            (tls ? Ldaps.class : CleanSocketFactory.class).getName());
        context = new InitialDirContext(environment);
      }
      return context;
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public void warmUp() throws NamingException {
      nextRequest();
    }

    @Override
    public void request(Place place) throws NamingException {
      switch (place) {
        case CONNECT, HANDSHAKE -> context();
        case BEFORE_REPLY -> replace("seen".getBytes(StandardCharsets.US_ASCII));
        case MID_REPLY -> context().getAttributes(LARGE);
        case MID_WRITE -> replace(new byte[4 * VALUE.length]);
      }
    }

    private void replace(byte[] description) throws NamingException {
      Attributes attributes = new BasicAttributes("description", description);
      context().modifyAttributes(SMALL, DirContext.REPLACE_ATTRIBUTE, attributes);
    }

    @Override
    public void nextRequest() throws NamingException {
      assertEquals("small", context().getAttributes(SMALL, new String[] {"sn"}).get("sn").get());
    }

    /** A context whose connection broke stays broken, also for those who ask it again. */
    @Override
    public String nextRequestAfterCut() throws NamingException {
      try {
        nextRequest();
        return "works";
      } catch (CommunicationException lost) {
        context.close();
        context = null;
        nextRequest();
        return "fails, a new context works";
      }
    }

    @Override
    public long done(Place place) {
      return modified.get() - modifiedBefore;
    }

    /** Replies are read by a thread of the provider's, which no scope of ours reaches. */
    @Override
    public boolean isReachedBy(How how, Place place) {
      return how == How.INTERRUPT || !isReply(place);
    }

    @Override
    public boolean isAtPlace(Place place, Thread client) {
      return isReply(place)
          ? Arrays.stream(client.getStackTrace())
              .anyMatch(frame -> frame.getClassName().equals("com.sun.jndi.ldap.LdapRequest"))
          : Rig.isWaitingInCleanbreak(client);
    }

    private static boolean isReply(Place place) {
      return place == Place.BEFORE_REPLY || place == Place.MID_REPLY;
    }

    /** The directory has a thread for each connection. */
    @Override
    public long connectionsSeenByServer() {
      return MailServerUnderTest.serving("LDAPListenerClientConnection");
    }

    @Override
    public void close() throws IOException {
      try {
        if (context != null) {
          context.close();
        }
      } catch (NamingException e) {
        throw new IOException(e);
      } finally {
        relay.close();
      }
    }
  }
}
