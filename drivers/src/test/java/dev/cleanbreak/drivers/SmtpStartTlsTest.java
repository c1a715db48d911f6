package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.Cut;
import dev.cleanbreak.SocketSettings;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** Angus Mail, which begins in plain and goes over to TLS, against a server that demands it. */
@Timeout(60)
class SmtpStartTlsTest {
  private final AtomicInteger delivered = new AtomicInteger();
  private final SMTPServer server =
      SMTPServer.port(0)
          .bindAddress(InetAddress.getLoopbackAddress())
          .requireTLS()
          .startTlsSocketFactory(TlsCredentials.server())
          .simpleMessageListener(
              new SimpleMessageListener() {
                @Override
                public boolean accept(String from, String recipient) {
                  return true;
                }

                @Override
                public void deliver(String from, String recipient, InputStream message)
                    throws java.io.IOException {
                  message.transferTo(OutputStream.nullOutputStream());
                  delivered.incrementAndGet();
                }
              })
          .build();
  private Relay relay;
  private Transport transport;

  @BeforeEach
  void start() throws Exception {
    server.start();
    relay =
        Relay.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPortAllocated()));
    SSLContext context = TlsCredentials.client();
    Properties settings = new Properties();
    settings.put("mail.smtp.host", "localhost");
    settings.put("mail.smtp.port", Integer.toString(relay.port()));
    settings.put("mail.smtp.localhost", "client");
    // snippet: mailstarttls
    settings.put("mail.smtp.starttls.enable", "true");
    settings.put("mail.smtp.starttls.required", "true");
    settings.put("mail.smtp.socketFactory", new CleanSocketFactory());
    settings.put(
        "mail.smtp.ssl.socketFactory",
        new CleanSslSocketFactory(context, SocketSettings.standard()));
    settings.put("mail.smtp.socketFactory.fallback", "false");
    // end
    transport = Session.getInstance(settings).getTransport("smtp");
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
    relay.close();
    server.stop();
  }

  static List<Arguments> ways() {
    List<Arguments> ways = new ArrayList<>();
    for (Cutter cutter : Cutter.values()) {
      for (ThreadKind kind : ThreadKind.values()) {
        ways.add(Arguments.of(cutter, kind));
      }
    }
    return ways;
  }

  /** Greeting, EHLO and STARTTLS pass; what the handshake says to the server does not. */
  @ParameterizedTest
  @MethodSource("ways")
  void theHandshakeIsCut(Cutter cutter, ThreadKind kind) throws Exception {
    relay.holdRequests("EHLO client\r\nSTARTTLS\r\n".length());
    Victim victim = new Victim(kind, this::connect);
    Conditions.await("the handshake waits", () -> relay.requestsAreHeld() && victim.isWaiting());

    victim.cut(cutter);

    assertTrue(stack(victim, cutter).contains("dev.cleanbreak.Tls"));
    goesOnAfterwards();
    assertEquals(1, delivered.get());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aLargeWriteIsCut(Cutter cutter, ThreadKind kind) throws Exception {
    connect();
    relay.holdRequests(200_000);
    Victim victim = new Victim(kind, () -> send(6 * 1024 * 1024));
    Conditions.await("the write waits", () -> relay.requestsAreHeld() && victim.isWaiting());

    victim.cut(cutter);

    assertTrue(stack(victim, cutter).contains("dev.cleanbreak.Tls"));
    assertFalse(transport.isConnected());
    goesOnAfterwards();
    assertEquals(1, delivered.get(), "the cut one was not delivered");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWaitForAReplyIsCut(Cutter cutter, ThreadKind kind) throws Exception {
    connect();
    relay.holdReplies(0);
    Victim victim = new Victim(kind, () -> send(10));
    Conditions.await("the client waits", () -> relay.repliesAreHeld() && victim.isWaiting());

    victim.cut(cutter);

    assertTrue(stack(victim, cutter).contains("dev.cleanbreak.Tls"));
    goesOnAfterwards();
    assertEquals(1, delivered.get());
  }

  private Object connect() throws MessagingException {
    transport.connect();
    return transport;
  }

  private Object send(int size) throws MessagingException {
    Message message = MailServerUnderTest.message("STARTTLS", size);
    transport.sendMessage(message, message.getAllRecipients());
    return message;
  }

  private void goesOnAfterwards() throws Exception {
    relay.release();
    if (!transport.isConnected()) {
      connect();
    }
    send(10);
    Conditions.await(
        "the server has one connection",
        () -> relay.open() == 1 && MailServerUnderTest.serving("smtp.server.Session") == 1);
  }

  private static String stack(Victim victim, Cutter cutter) throws InterruptedException {
    Throwable said = victim.ended();
    List<Cut> cuts = Said.cuts(said);
    assertEquals(cutter.kind(), cuts.getFirst().kind(), () -> Said.text(said));
    return Said.text(said);
  }
}
