package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connects through a proxy that works, and what they have in common with the JDK's. */
@Isolated("sets system properties and the authenticator")
@Timeout(60)
class ProxyTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final NetGlobals globals = new NetGlobals();
  private ServerSocket destination;

  /** Sockets of both makes; the tests that take it show that they do the same. */
  enum Make {
    JDK {
      @Override
      Socket through(Proxy proxy) {
        return new Socket(proxy);
      }

      @Override
      Socket bySelector() {
        return new Socket();
      }
    },
    CLEAN {
      @Override
      Socket through(Proxy proxy) throws IOException {
        return new CleanSocket(proxy);
      }

      @Override
      Socket bySelector() throws IOException {
        return new CleanSocket();
      }
    };

    abstract Socket through(Proxy proxy) throws IOException;

    abstract Socket bySelector() throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    destination = new ServerSocket(0, 50, LOOPBACK);
  }

  @AfterEach
  void restore() throws IOException {
    globals.close();
    destination.close();
  }

  private InetSocketAddress byAddress() {
    return (InetSocketAddress) destination.getLocalSocketAddress();
  }

  private InetSocketAddress byName() {
    return InetSocketAddress.createUnresolved("destination.test", destination.getLocalPort());
  }

  private static int closedPort() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
      return gone.getLocalPort();
    }
  }

  /** Bytes go both ways and arrive as they were sent. */
  private void assertTalks(Socket socket) throws IOException {
    try (Socket peer = destination.accept()) {
      socket.getOutputStream().write(new byte[] {1, 2, 3});
      assertArrayEquals(new byte[] {1, 2, 3}, peer.getInputStream().readNBytes(3));
      peer.getOutputStream().write(new byte[] {4, 5});
      assertArrayEquals(new byte[] {4, 5}, socket.getInputStream().readNBytes(2));
    }
  }

  // ---- through one proxy

  /** Behind an HTTP proxy the JDK's sockets report the proxy instead. */
  private static boolean reportsDestination(Make make, Proxy.Type type) {
    return make == Make.CLEAN || type == Proxy.Type.SOCKS;
  }

  static Stream<Arguments> makesAndTypes() {
    return Stream.of(Make.values())
        .flatMap(make ->
            Stream.of(Proxy.Type.SOCKS, Proxy.Type.HTTP).map(type -> Arguments.of(make, type)));
  }

  @ParameterizedTest
  @MethodSource("makesAndTypes")
  void connectsByAddress(Make make, Proxy.Type type) throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(null, false);
        Socket socket = make.through(proxy.as(type))) {
      socket.connect(byAddress(), 5_000);
      assertEquals(List.of("127.0.0.1:" + destination.getLocalPort()), proxy.requests);
      assertTrue(socket.isConnected());
      assertTrue(socket.isBound());
      if (reportsDestination(make, type)) {
        assertEquals(byAddress().getAddress(), socket.getInetAddress());
        assertEquals(destination.getLocalPort(), socket.getPort());
        assertEquals(byAddress(), socket.getRemoteSocketAddress());
      }
      assertTalks(socket);
    }
  }

  @ParameterizedTest
  @MethodSource("makesAndTypes")
  void leavesANameToTheProxy(Make make, Proxy.Type type) throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(null, false);
        Socket socket = make.through(proxy.as(type))) {
      socket.connect(byName());
      assertEquals(List.of("destination.test:" + destination.getLocalPort()), proxy.requests);
      if (reportsDestination(make, type)) {
        assertNull(socket.getInetAddress());
        assertEquals(destination.getLocalPort(), socket.getPort());
        assertEquals(
            new InetSocketAddress(destination.getLocalPort()), socket.getRemoteSocketAddress());
      }
      assertTalks(socket);
    }
  }

  @ParameterizedTest
  @EnumSource
  void speaksVersion4WhereToldTo(Make make) throws Exception {
    globals.set("socksProxyVersion", "4");
    try (LoopbackProxy proxy = new LoopbackProxy(null, false)) {
      try (Socket socket = make.through(proxy.as(Proxy.Type.SOCKS))) {
        socket.connect(byAddress());
        assertEquals(List.of(System.getProperty("user.name") + ":"), proxy.logins);
        assertTalks(socket);
      }
      try (Socket socket = make.through(proxy.as(Proxy.Type.SOCKS))) {
        assertThrows(UnknownHostException.class, () -> socket.connect(byName()));
        assertTrue(socket.isClosed());
      }
      try (Socket socket = make.through(proxy.as(Proxy.Type.SOCKS))) {
        InetSocketAddress six = new InetSocketAddress("::1", destination.getLocalPort());
        assertThrows(SocketException.class, () -> socket.connect(six));
      }
    }
  }

  /** Not so behind the JDK's HTTP client, which reads ahead and swallows them. */
  @ParameterizedTest
  @EnumSource(names = "DIRECT", mode = EnumSource.Mode.EXCLUDE)
  void theWordsOfADestinationThatSpeaksFirstArrive(Proxy.Type type) throws Exception {
    Thread greeter = Thread.ofVirtual().start(this::greet);
    try (LoopbackProxy proxy = new LoopbackProxy(null, true);
        CleanSocket socket = new CleanSocket(proxy.as(type))) {
      socket.connect(byAddress());
      assertEquals("220 ready\r\n", new String(socket.getInputStream().readAllBytes()));
      greeter.join();
    }
  }

  private void greet() {
    try (Socket peer = destination.accept()) {
      peer.getOutputStream().write("220 ready\r\n".getBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noProxyGoesStraight(Make make) throws Exception {
    globals.set("socksNonProxyHosts", "").set("socksProxyHost", "127.0.0.1");
    globals.set("socksProxyPort", Integer.toString(closedPort()));
    try (Socket socket = make.through(Proxy.NO_PROXY)) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
    try (Socket socket = make.through(Proxy.NO_PROXY)) {
      assertThrows(UnknownHostException.class, () -> socket.connect(byName()));
    }
  }

  /** A proxy that its constructor would not let through. */
  private static final class Twisted extends Proxy {
    Twisted() {
      super(Proxy.Type.HTTP, new InetSocketAddress(LOOPBACK, 1));
    }

    @Override
    public Proxy.Type type() {
      return Proxy.Type.DIRECT;
    }
  }

  @ParameterizedTest
  @EnumSource
  void badProxiesAreRefused(Make make) {
    assertThrows(IllegalArgumentException.class, () -> make.through(null));
    assertThrows(IllegalArgumentException.class, () -> make.through(new Twisted()));
  }

  @ParameterizedTest
  @MethodSource("makesAndTypes")
  void aProxyThatIsNotThere(Make make, Proxy.Type type) throws Exception {
    Proxy absent = new Proxy(type, new InetSocketAddress(LOOPBACK, closedPort()));
    try (Socket socket = make.through(absent)) {
      assertThrows(SocketException.class, () -> socket.connect(byAddress()));
      assertTrue(socket.isClosed());
    }
    // No label has so many letters: no resolver is asked.
    InetSocketAddress nameless = InetSocketAddress.createUnresolved("x".repeat(70), 1);
    try (Socket socket = make.through(new Proxy(type, nameless))) {
      Class<? extends IOException> thrown =
          type == Proxy.Type.SOCKS ? SocketException.class : UnknownHostException.class;
      assertThrows(thrown, () -> socket.connect(byAddress()));
      assertTrue(socket.isClosed());
    }
  }

  @Test
  void namesThatCannotBeAskedForAreRefused() throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(null, false)) {
      for (Proxy.Type type : List.of(Proxy.Type.SOCKS, Proxy.Type.HTTP)) {
        String host = type == Proxy.Type.SOCKS ? "x".repeat(256) : "a\r\nHost: b";
        InetSocketAddress odd = InetSocketAddress.createUnresolved(host, 80);
        try (CleanSocket socket = new CleanSocket(proxy.as(type))) {
          assertThrows(SocketException.class, () -> socket.connect(odd));
        }
      }
      assertEquals(List.of(), proxy.requests);
    }
  }

  @Test
  void aFactoryHandsItsProxyOn() throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(null, false)) {
      CleanSocketFactory factory =
          new CleanSocketFactory(SocketSettings.standard(), proxy.as(Proxy.Type.HTTP));
      try (Socket socket = factory.createSocket(LOOPBACK, destination.getLocalPort())) {
        assertTalks(socket);
      }
      assertEquals(1, proxy.requests.size());
    }
  }

  // ---- logging in

  private static final class Vault extends Authenticator {
    private final List<String> asked = new ArrayList<>();
    private final String password;

    Vault(String password) {
      this.password = password;
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      asked.add(
          getRequestingHost()
              + ' '
              + getRequestingSite()
              + ' '
              + getRequestingProtocol()
              + ' '
              + getRequestingPrompt()
              + ' '
              + getRequestorType());
      return new PasswordAuthentication("bärbel", password.toCharArray());
    }
  }

  @ParameterizedTest
  @EnumSource
  void socksAsksTheAuthenticator(Make make) throws Exception {
    Vault vault = new Vault("secret");
    globals.authenticate(vault);
    try (LoopbackProxy proxy = new LoopbackProxy("bärbel:secret", false);
        Socket socket = make.through(proxy.as(Proxy.Type.SOCKS))) {
      socket.connect(byAddress());
      assertTalks(socket);
      assertEquals(
          List.of("localhost localhost/127.0.0.1 SOCKS5 SOCKS authentication SERVER"), vault.asked);
    }
  }

  @ParameterizedTest
  @EnumSource
  void socksWithTheWrongPassword(Make make) throws Exception {
    globals.authenticate(new Vault("guess"));
    try (LoopbackProxy proxy = new LoopbackProxy("bärbel:secret", false);
        Socket socket = make.through(proxy.as(Proxy.Type.SOCKS))) {
      SocketException thrown =
          assertThrows(SocketException.class, () -> socket.connect(byAddress()));
      assertTrue(thrown.getMessage().contains("SOCKS : authentication failed"));
      assertTrue(socket.isClosed());
    }
  }

  @Test
  void socksTakesThePropertiesWithoutAnAuthenticator() throws Exception {
    globals.authenticate(null);
    globals.set("java.net.socks.username", "bert").set("java.net.socks.password", "secret");
    try (LoopbackProxy proxy = new LoopbackProxy("bert:secret", false);
        CleanSocket socket = new CleanSocket(proxy.as(Proxy.Type.SOCKS))) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
  }

  @Test
  void httpAsksTheAuthenticatorWhereBasicIsAllowed() throws Exception {
    Vault vault = new Vault("secret");
    globals.authenticate(vault).set("jdk.http.auth.tunneling.disabledSchemes", "");
    try (LoopbackProxy proxy = new LoopbackProxy("bärbel:secret", false);
        CleanSocket socket = new CleanSocket(proxy.as(Proxy.Type.HTTP))) {
      socket.setTcpNoDelay(true);
      socket.connect(byName());
      Conditions.await("the end of the first connection", () -> proxy.clients.get() == 1);
      assertTalks(socket);
      assertEquals(
          List.of("localhost localhost/127.0.0.1 http the, \"Basic\" vault PROXY"), vault.asked);
      assertEquals(List.of("bärbel:secret"), proxy.logins);
      assertTrue(socket.getTcpNoDelay(), "the second connection has the options of the first");
    }
  }

  @Test
  void httpDoesNotGuessForEver() throws Exception {
    globals.authenticate(new Vault("guess")).set("jdk.http.auth.tunneling.disabledSchemes", "NTLM");
    try (LoopbackProxy proxy = new LoopbackProxy("bärbel:secret", false);
        CleanSocket socket = new CleanSocket(proxy.as(Proxy.Type.HTTP))) {
      SocketException thrown =
          assertThrows(SocketException.class, () -> socket.connect(byAddress()));
      assertTrue(thrown.getMessage().contains("refused the password"), thrown::getMessage);
      assertEquals(List.of("bärbel:guess"), proxy.logins);
    }
  }

  @Test
  void anAuthenticatorThatFailsLeavesNothingOpen() throws Exception {
    globals.authenticate(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            throw new IllegalStateException("no vault");
          }
        });
    try (LoopbackProxy proxy = new LoopbackProxy("a:b", false);
        CleanSocket socket = new CleanSocket(proxy.as(Proxy.Type.SOCKS))) {
      assertThrows(IllegalStateException.class, () -> socket.connect(byAddress()));
      assertTrue(socket.isClosed());
    }
  }

  // ---- by the properties and the selector

  @ParameterizedTest
  @EnumSource
  void thePropertiesNameTheProxy(Make make) throws Exception {
    try (LoopbackProxy proxy = new LoopbackProxy(null, false)) {
      globals.set("socksProxyHost", "127.0.0.1");
      globals.set("socksProxyPort", Integer.toString(proxy.address().getPort()));
      try (Socket socket = make.bySelector()) {
        socket.connect(byName());
        assertTalks(socket);
      }
      assertEquals(List.of("destination.test:" + destination.getLocalPort()), proxy.requests);
      // The loopback address goes straight, unless the property is there and empty.
      try (Socket socket = make.bySelector()) {
        socket.connect(byAddress());
        assertTalks(socket);
      }
      assertEquals(1, proxy.requests.size());
      globals.set("socksNonProxyHosts", "");
      try (Socket socket = make.bySelector()) {
        socket.connect(byAddress());
        assertTalks(socket);
      }
      assertEquals(2, proxy.requests.size());
      globals.set("socksNonProxyHosts", "*.test");
      try (Socket socket = make.bySelector()) {
        assertThrows(UnknownHostException.class, () -> socket.connect(byName()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSelectorIsAskedAboutASocket(Make make) throws Exception {
    ScriptedSelector selector = new ScriptedSelector(List.of(Proxy.NO_PROXY));
    globals.select(selector);
    for (String host : List.of("destination.test", "::1", "under_score", "spa ce")) {
      try (Socket socket = make.bySelector()) {
        assertThrows(
            IOException.class, () -> socket.connect(InetSocketAddress.createUnresolved(host, 80)));
      }
    }
    assertEquals(
        List.of(
            "socket://destination.test:80",
            "socket://[::1]:80",
            "socket://under_score:80",
            "socket://spa%20ce:80"),
        selector.asked.stream().map(Object::toString).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aSelectorMaySayNothing(Make make) throws Exception {
    globals.select(null);
    try (Socket socket = make.bySelector()) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
    globals.select(new ScriptedSelector(List.of()));
    try (Socket socket = make.bySelector()) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
    // An HTTP proxy is of no use for a socket that asked for any: it goes straight.
    Proxy http = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(LOOPBACK, closedPort()));
    globals.select(new ScriptedSelector(List.of(http)));
    try (Socket socket = make.bySelector()) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSelectorMayRefuse(Make make) throws Exception {
    globals.select(new ScriptedSelector(null));
    try (Socket socket = make.bySelector()) {
      IOException thrown = assertThrows(IOException.class, () -> socket.connect(byAddress()));
      assertInstanceOf(IllegalArgumentException.class, thrown.getCause());
      assertTrue(socket.isClosed());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSelectorHearsOfEveryProxyThatFailed(Make make) throws Exception {
    InetSocketAddress first = new InetSocketAddress(LOOPBACK, closedPort());
    InetSocketAddress second = new InetSocketAddress(LOOPBACK, closedPort());
    ScriptedSelector selector =
        new ScriptedSelector(
            List.of(new Proxy(Proxy.Type.SOCKS, first), new Proxy(Proxy.Type.SOCKS, second)));
    globals.select(selector);
    try (Socket socket = make.bySelector()) {
      assertThrows(SocketException.class, () -> socket.connect(byAddress()));
      assertEquals(List.of(first, second), selector.failed);
      assertTrue(socket.isClosed());
    }
  }

  /** The JDK tries the second proxy on the descriptor that the first failure has closed. */
  @Test
  void theNextProxyIsTriedWithTheSameOptions() throws Exception {
    InetSocketAddress absent = new InetSocketAddress(LOOPBACK, closedPort());
    try (LoopbackProxy proxy = new LoopbackProxy(null, false);
        CleanSocket socket = new CleanSocket()) {
      ScriptedSelector selector =
          new ScriptedSelector(
              List.of(new Proxy(Proxy.Type.SOCKS, absent), proxy.as(Proxy.Type.SOCKS)));
      globals.select(selector);
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      socket.setOOBInline(true);
      socket.setOption(StandardSocketOptions.SO_LINGER, 7);
      socket.bind(new InetSocketAddress(LOOPBACK, 0));
      socket.connect(byAddress());

      assertTalks(socket);
      assertEquals(List.of(absent), selector.failed);
      assertEquals(1, proxy.requests.size());
      assertTrue(socket.getKeepAlive());
      assertTrue(socket.getTcpNoDelay());
      assertTrue(socket.getOOBInline());
      assertEquals(7, socket.getSoLinger());
      assertEquals(LOOPBACK, socket.getLocalAddress());
    }
  }

  @Test
  void afterTheLastProxyTheWayMayBeStraight() throws Exception {
    InetSocketAddress absent = new InetSocketAddress(LOOPBACK, closedPort());
    globals.select(
        new ScriptedSelector(List.of(new Proxy(Proxy.Type.SOCKS, absent), Proxy.NO_PROXY)));
    try (CleanSocket socket = new CleanSocket()) {
      socket.connect(byAddress());
      assertTalks(socket);
    }
  }

  @Test
  void manyFailedProxiesCostNoDescriptors() throws Exception {
    assumeTrue(Descriptors.canBeCounted());
    InetSocketAddress absent = new InetSocketAddress(LOOPBACK, closedPort());
    globals.select(
        new ScriptedSelector(Collections.nCopies(50, new Proxy(Proxy.Type.SOCKS, absent))));
    failToConnect();
    long before = Descriptors.count();
    failToConnect();
    assertTrue(Descriptors.count() <= before);
  }

  private void failToConnect() throws IOException {
    CleanSocket socket = new CleanSocket();
    assertThrows(SocketException.class, () -> socket.connect(byAddress()));
  }
}
