package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Angus Mail's IMAP. The table stands in docs/drivers/mail.md. */
class ImapCutTest extends ClientCuts {
  private static final int LARGE = 1024 * 1024;

  private final MailServerUnderTest mail = new MailServerUnderTest();

  ImapCutTest() {
    super("mail.md", "imap");
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
    return mail.imap(tls);
  }

  @Override
  Rig open(Relay relay, boolean tls) throws Exception {
    mail.empty();
    mail.deliver(MailServerUnderTest.message("large", LARGE));
    return new ImapRig(relay, tls);
  }

  private final class ImapRig implements Rig {
    private final Relay relay;
    private final Store store;

    ImapRig(Relay relay, boolean tls) throws MessagingException {
      this.relay = relay;
      this.store =
          Session.getInstance(MailServerUnderTest.settings("imap", relay.port(), tls))
              .getStore("imap");
    }

    private void connect() throws MessagingException {
      store.connect(MailServerUnderTest.USER, MailServerUnderTest.PASSWORD);
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public void warmUp() throws MessagingException {
      connect();
      inbox();
    }

    private Folder inbox() throws MessagingException {
      Folder inbox = store.getFolder("INBOX");
      if (!inbox.isOpen()) {
        inbox.open(Folder.READ_WRITE);
      }
      return inbox;
    }

    @Override
    public void request(Place place) throws Exception {
      switch (place) {
        case CONNECT, HANDSHAKE -> connect();
        case BEFORE_REPLY -> append(10);
        case MID_REPLY -> {
          Message large = inbox().getMessage(1);
          large.writeTo(OutputStream.nullOutputStream());
        }
        case MID_WRITE -> append(6 * LARGE);
      }
    }

    private void append(int size) throws MessagingException {
      store
          .getFolder("INBOX")
          .appendMessages(
              new Message[] {MailServerUnderTest.message(MailServerUnderTest.CUT, size)});
    }

    @Override
    public void nextRequest() throws MessagingException {
      if (!store.isConnected()) {
        connect();
      }
      try (Folder inbox = inbox()) {
        assertTrue(inbox.getMessageCount() > 0);
      }
    }

    @Override
    public long done(Place place) throws MessagingException {
      return mail.cutOnes();
    }

    /** One for the store, and one for the folder that is open. */
    @Override
    public int mostConnections() {
      return 2;
    }

    @Override
    public long connectionsSeenByServer() {
      return MailServerUnderTest.serving("ImapHandler");
    }

    @Override
    public void close() throws IOException {
      try {
        store.close();
      } catch (MessagingException e) {
        throw new IOException(e);
      } finally {
        relay.close();
      }
    }
  }
}
