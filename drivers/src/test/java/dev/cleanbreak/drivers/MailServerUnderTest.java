package dev.cleanbreak.drivers;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.cleanbreak.CleanSocketFactory;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Properties;

/** A real GreenMail for SMTP and IMAP, with an end of TLS in front of each. */
public final class MailServerUnderTest {
  static final String USER = "reader@localhost";
  static final String PASSWORD = "secret";
  static final String CUT = "cut-me";

  private final GreenMail mail =
      new GreenMail(
          new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort(),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP).dynamicPort()
          });
  private Relay smtpTls;
  private Relay imapTls;

  public void start() throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(MailServerUnderTest::tellShortly);
    mail.start();
    mail.setUser(USER, USER, PASSWORD);
    smtpTls = Relay.endOfTls(smtp(false));
    imapTls = Relay.endOfTls(imap(false));
  }

  /** A mail that is cut ends the server's thread with an exception that tells all of the mail. */
  private static void tellShortly(Thread thread, Throwable thrown) {
    String told = thrown + "; cause: " + thrown.getCause();
    System.err.println(thread + " ends: " + told.lines().findFirst().orElse(""));
  }

  public void stop() throws IOException {
    smtpTls.close();
    imapTls.close();
    mail.stop();
  }

  public InetSocketAddress smtp(boolean tls) {
    return tls ? smtpTls.address() : at(mail.getSmtp().getPort());
  }

  InetSocketAddress imap(boolean tls) {
    return tls ? imapTls.address() : at(mail.getImap().getPort());
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  void empty() throws Exception {
    mail.purgeEmailFromAllMailboxes();
  }

  /** Puts a message into the reader's mailbox. */
  void deliver(MimeMessage message) {
    mail.getUserManager().getUserByEmail(USER).deliver(message);
  }

  /** The messages in the mailbox whose subject says that they were to be cut. */
  long cutOnes() throws MessagingException {
    long found = 0;
    for (MimeMessage each : mail.getReceivedMessages()) {
      if (CUT.equals(each.getSubject())) {
        found++;
      }
    }
    return found;
  }

  static MimeMessage message(String subject, int size) throws MessagingException {
    MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
    message.setFrom("writer@localhost");
    message.setRecipients(MimeMessage.RecipientType.TO, USER);
    message.setSubject(subject);
    message.setText(("x".repeat(70) + "\r\n").repeat(size / 72 + 1));
    message.saveChanges();
    return message;
  }

  /** The connections that a server of this kind serves: it has a thread for each. */
  static long serving(String handler) {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack -> Arrays.stream(stack).anyMatch(frame -> frame.getClassName().endsWith(handler)))
        .count();
  }

  /** The settings of one protocol. */
  static Properties settings(String protocol, int port, boolean tls) {
    Properties settings = new Properties();
    String prefix = "mail." + protocol + ".";
    settings.put(prefix + "host", "localhost");
    settings.put(prefix + "port", Integer.toString(port));
    settings.put(prefix + "socketFactory", new CleanSocketFactory());
    settings.put(prefix + "socketFactory.fallback", "false");
    if (tls) {
      settings.put(prefix + "ssl.enable", "true");
      settings.put(
          prefix + "ssl.socketFactory",
          new CleanMailTlsSocketFactory(TlsCredentials.clientSockets()));
    }
    return settings;
  }
}
