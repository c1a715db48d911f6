package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutTimeoutException;
import dev.cleanbreak.SocketSettings;
import java.time.Duration;
import java.util.Hashtable;
import javax.naming.CommunicationException;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/drivers/ldap.md against a real directory, and what it says besides. */
@Timeout(60)
class LdapRecipesTest {
  private static final String SMALL = DirectoryUnderTest.SMALL;

  private final DirectoryUnderTest directory = new DirectoryUnderTest();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    directory.start();
    relay = Relay.open(directory.address(false));
  }

  @AfterEach
  void stop() throws Exception {
    relay.close();
    directory.stop();
  }

  private Hashtable<String, String> environment(Class<?> factory) {
    return DirectoryUnderTest.environment("ldap", relay.port(), factory);
  }

  @Test
  void aScopeCutsTheWaitForAReply() throws Exception {
    DirContext context = new InitialDirContext(environment(CleanSocketFactory.class));
    assertEquals("small", surname(context));
    relay.holdReplies(0);
    String name = SMALL;
    // snippet: ldapcall
    CancelScope request = CancelScope.within("request 17", Duration.ofMillis(200));
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () -> request.run(() -> CleanLdap.call(() -> context.getAttributes(name))));
    assertInstanceOf(CutTimeoutException.class, said.getCause()); // names the scope
    // end
    assertFalse(Thread.interrupted(), "the interrupt was taken back");
    relay.release();
    assertEquals("small", surname(context));
    assertEquals(1, relay.accepted());
    context.close();
  }

  @Test
  void inACutScopeNothingIsSent() throws Exception {
    DirContext context = new InitialDirContext(environment(CleanSocketFactory.class));
    CancelScope scope = CancelScope.open("request 17");
    scope.cancel("the user pressed Stop");
    long sent = relay.bytesToServer();
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () -> scope.run(() -> CleanLdap.call(() -> surname(context))));
    assertInstanceOf(CutException.class, said.getCause());
    assertEquals(sent, relay.bytesToServer());
    context.close();
  }

  /** A cut that comes with the reply: the result is there, and no interrupt is left behind. */
  @Test
  void successWins() throws Exception {
    DirContext context = new InitialDirContext(environment(CleanSocketFactory.class));
    CancelScope scope = CancelScope.open("request 17");
    Thread caller = Thread.currentThread();
    String found =
        scope.call(() ->
            CleanLdap.call(() -> {
              String surname = surname(context);
              scope.cancel("the user pressed Stop");
              while (!caller.isInterrupted()) {
                Thread.onSpinWait();
              }
              return surname;
            }));
    assertEquals("small", found);
    assertFalse(Thread.interrupted());
    context.close();
  }

  @Test
  void anInterruptIsKept() throws Exception {
    DirContext context = new InitialDirContext(environment(CleanSocketFactory.class));
    relay.holdReplies(0);
    Thread.currentThread().interrupt();
    // The write goes out first: the interrupt may cut it, too.
    assertThrows(NamingException.class, () -> CleanLdap.call(() -> surname(context)));
    assertTrue(Thread.interrupted());
    relay.release();
    context.close();
  }

  /** What the page says of another way: a close by the scope, where nobody shares the context. */
  @Test
  void aCloseEndsTheWaitButNotForThoseWhoShareTheConnection() throws Exception {
    DirContext context = new InitialDirContext(environment(CleanSocketFactory.class));
    relay.holdReplies(0);
    CancelScope scope = CancelScope.within(Duration.ofMillis(200));
    assertThrows(
        CommunicationException.class,
        () ->
            scope.run(() -> {
              try (var _ = CancelScope.current().onCancel(() -> closeQuietly(context))) {
                surname(context);
              }
            }));
  }

  private static void closeQuietly(DirContext context) {
    try {
      context.close();
    } catch (NamingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pooledConnectionsLiveOnAfterACutWait() throws Exception {
    Hashtable<String, String> environment = environment(CleanSocketFactory.class);
    // snippet: ldappool
    environment.put("java.naming.ldap.factory.socket", CleanLdapSocketFactory.class.getName());
    environment.put("com.sun.jndi.ldap.connect.pool", "true");
    // end
    use(environment);
    use(environment);
    assertEquals(1, relay.accepted(), "not pooled");

    relay.holdReplies(0);
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () ->
                CancelScope.within(Duration.ofMillis(200))
                    .run(() ->
                        CleanLdap.call(() -> {
                          use(environment);
                          return true;
                        })));
    assertInstanceOf(CutTimeoutException.class, said.getCause());
    relay.release();

    use(environment);
    assertEquals(1, relay.accepted());
    Conditions.await("the directory has one", () -> DirectoryUnderTest.connections() == 1);
  }

  @Test
  void aPooledConnectionWhoseWriteWasCutLeavesThePool() throws Exception {
    Hashtable<String, String> environment = environment(CleanLdapSocketFactory.class);
    environment.put("com.sun.jndi.ldap.connect.pool", "true");
    use(environment);
    relay.holdRequests(100_000);
    DirContext context = new InitialDirContext(environment);
    Attributes large = new BasicAttributes("description", new byte[4 * DirectoryUnderTest.SIZE]);
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () ->
                CancelScope.within(Duration.ofMillis(200))
                    .run(() ->
                        context.modifyAttributes(SMALL, DirContext.REPLACE_ATTRIBUTE, large)));
    assertInstanceOf(CutTimeoutException.class, said.getCause());
    context.close();
    relay.release();

    use(environment);
    assertEquals(2, relay.accepted());
    assertEquals(0, directory.modified());
    Conditions.await("the directory has one", () -> DirectoryUnderTest.connections() == 1);
  }

  /** As the page says: without a comparator there is no pool, and nobody says so. */
  @Test
  void overTheFactoryOfCoreNothingIsPooled() throws Exception {
    Hashtable<String, String> environment = environment(CleanSocketFactory.class);
    environment.put("com.sun.jndi.ldap.connect.pool", "true");
    use(environment);
    use(environment);
    assertEquals(2, relay.accepted());
  }

  @Test
  void startTls() throws Exception {
    SSLContext trusting = TlsCredentials.client();
    LdapContext context = new InitialLdapContext(environment(CleanSocketFactory.class), null);
    // snippet: ldapstarttls
    StartTlsResponse tls = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
    tls.negotiate(new CleanSslSocketFactory(trusting, SocketSettings.standard()));
    // end
    assertEquals("small", surname(context));
    relay.holdReplies(0);
    CommunicationException said =
        assertThrows(
            CommunicationException.class,
            () ->
                CancelScope.within(Duration.ofMillis(200))
                    .run(() -> CleanLdap.call(() -> surname(context))));
    assertInstanceOf(CutTimeoutException.class, said.getCause());
    relay.release();
    assertEquals("small", surname(context));
    tls.close();
    context.close();
    assertEquals(1, relay.accepted());
  }

  @Test
  void theHandshakeOfStartTlsIsCut() throws Exception {
    CleanSslSocketFactory sockets = TlsCredentials.clientSockets();
    LdapContext context = new InitialLdapContext(environment(CleanSocketFactory.class), null);
    StartTlsResponse tls = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
    relay.holdReplies(0);
    assertThrows(
        CutTimeoutException.class,
        () -> CancelScope.within(Duration.ofMillis(200)).run(() -> tls.negotiate(sockets)));
    relay.release();
    context.close();
    Conditions.await("the directory has none", () -> DirectoryUnderTest.connections() == 0);
  }

  @Test
  void aFactoryThatIsNotThereIsSaid() {
    Hashtable<String, String> environment = environment(CleanSocketFactory.class);
    environment.put("java.naming.ldap.factory.socket", "dev.cleanbreak.Missing");
    NamingException said =
        assertThrows(NamingException.class, () -> new InitialDirContext(environment));
    assertTrue(Said.text(said).contains("dev.cleanbreak.Missing"), () -> Said.text(said));
  }

  private static void use(Hashtable<String, String> environment) throws NamingException {
    DirContext context = new InitialDirContext(environment);
    try {
      assertEquals("small", surname(context));
    } finally {
      context.close();
    }
  }

  private static String surname(DirContext context) throws NamingException {
    Object surname = context.getAttributes(SMALL, new String[] {"sn"}).get("sn").get();
    assertNotNull(surname);
    return (String) surname;
  }
}
