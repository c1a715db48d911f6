package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocketFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.naming.CommunicationException;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The JDK's LDAP provider against a real directory. The tables stand in docs/drivers/ldap.md. */
abstract class LdapCuts extends ClientCuts {
  private final DirectoryUnderTest directory = new DirectoryUnderTest();

  /** In the form that JNDI looks for; it need not be a factory itself. */
  public static final class Ldaps {
    private Ldaps() {}

    public static SocketFactory getDefault() {
      return TlsCredentials.clientSockets();
    }
  }

  LdapCuts(String table) {
    super("ldap.md", table);
  }

  /** Makes a request in the current scope. */
  abstract <T> T make(CancelScope.ResultBody<T, NamingException> request) throws NamingException;

  /** Whether a scope cuts the wait for a reply. */
  abstract boolean scopeReachesReplies();

  @BeforeAll
  void start() throws Exception {
    directory.start();
  }

  @AfterAll
  void stop() {
    directory.stop();
  }

  @Override
  InetSocketAddress server(boolean tls) {
    return directory.address(tls);
  }

  @Override
  Rig open(Relay relay, boolean tls) {
    return new LdapRig(relay, tls);
  }

  private final class LdapRig implements Rig {
    private final Relay relay;
    private final boolean tls;
    private final long modifiedBefore = directory.modified();
    private DirContext context;

    LdapRig(Relay relay, boolean tls) {
      this.relay = relay;
      this.tls = tls;
    }

    private DirContext context() throws NamingException {
      if (context == null) {
        context =
            new InitialDirContext(
                DirectoryUnderTest.environment(
                    tls ? "ldaps" : "ldap",
                    relay.port(),
                    tls ? Ldaps.class : CleanSocketFactory.class));
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
        case MID_REPLY -> make(() -> context().getAttributes(DirectoryUnderTest.LARGE));
        case MID_WRITE -> replace(new byte[4 * DirectoryUnderTest.SIZE]);
      }
    }

    private void replace(byte[] description) throws NamingException {
      Attributes attributes = new BasicAttributes("description", description);
      make(() -> {
        context()
            .modifyAttributes(DirectoryUnderTest.SMALL, DirContext.REPLACE_ATTRIBUTE, attributes);
        return true;
      });
    }

    @Override
    public void nextRequest() throws NamingException {
      assertEquals(
          "small",
          context().getAttributes(DirectoryUnderTest.SMALL, new String[] {"sn"}).get("sn").get());
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
      return directory.modified() - modifiedBefore;
    }

    /** Replies are read by a thread of the provider's, which no scope of ours reaches. */
    @Override
    public boolean isReachedBy(How how, Place place) {
      return scopeReachesReplies() || how == How.INTERRUPT || !isReply(place);
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

    @Override
    public long connectionsSeenByServer() {
      return DirectoryUnderTest.connections();
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
