package dev.cleanbreak.drivers;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Angus Mail's SMTP. The table stands in docs/drivers/mail.md. */
class SmtpCutTest extends ClientCuts {
  private final MailServerUnderTest mail = new MailServerUnderTest();

  SmtpCutTest() {
    super("mail.md", "smtp");
  }

  @BeforeAll
  void start() throws IOException {
    mail.start();
  }

  @AfterAll
  void stop() throws IOException {
    mail.stop();
  }

  @Override
  InetSocketAddress server(boolean tls) {
    return mail.smtp(tls);
  }

  @Override
  Rig open(Relay relay, boolean tls) throws Exception {
    mail.empty();
    return new SmtpRig(relay, tls);
  }

  private final class SmtpRig implements Rig {
    /** The reply to the end of a message: until it is there, nobody knows that it was taken. */
    private static final int LAST_REPLY = "250 OK\r\n".length();

    private final Relay relay;
    private final Transport transport;
    private long repliesToOne;

    SmtpRig(Relay relay, boolean tls) throws MessagingException {
      this.relay = relay;
      this.transport =
          Session.getInstance(MailServerUnderTest.settings("smtp", relay.port(), tls))
              .getTransport("smtp");
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public void warmUp() throws MessagingException {
      transport.connect();
      long before = relay.bytesToClient();
      send("warm up", 10);
      repliesToOne = relay.bytesToClient() - before;
    }

    /** Under TLS the last reply is one record: only whether any of it passes can be told. */
    @Override
    public long bytesBeforeReply() {
      return repliesToOne - LAST_REPLY;
    }

    @Override
    public long middleOfReply() {
      return 3;
    }

    @Override
    public void request(Place place) throws MessagingException {
      switch (place) {
        case CONNECT, HANDSHAKE -> transport.connect();
        case BEFORE_REPLY, MID_REPLY -> send(MailServerUnderTest.CUT, 10);
        case MID_WRITE -> send(MailServerUnderTest.CUT, 6 * 1024 * 1024);
      }
    }

    private void send(String subject, int size) throws MessagingException {
      Message message = MailServerUnderTest.message(subject, size);
      transport.sendMessage(message, message.getAllRecipients());
    }

    @Override
    public void nextRequest() throws MessagingException {
      if (!transport.isConnected()) {
        transport.connect();
      }
      send("next", 10);
    }

    @Override
    public long done(Place place) throws MessagingException {
      return mail.cutOnes();
    }

    @Override
    public long connectionsSeenByServer() {
      return MailServerUnderTest.serving("SmtpHandler");
    }

    @Override
    public void close() throws IOException {
      try {
        transport.close();
      } catch (MessagingException e) {
        throw new IOException(e);
      } finally {
        relay.close();
      }
    }
  }
}
