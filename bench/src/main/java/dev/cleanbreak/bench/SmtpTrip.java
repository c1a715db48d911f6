package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocketFactory;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.Properties;

/** {@code NOOP}, by which the transport finds out whether it is connected. */
final class SmtpTrip implements RoundTrip {
  private final Transport transport;

  SmtpTrip(int port, boolean clean) throws MessagingException {
    Properties settings = new Properties();
    settings.put("mail.smtp.host", "127.0.0.1");
    settings.put("mail.smtp.port", Integer.toString(port));
    if (clean) {
      settings.put("mail.smtp.socketFactory", new CleanSocketFactory());
      settings.put("mail.smtp.socketFactory.fallback", "false");
    }
    transport = Session.getInstance(settings).getTransport("smtp");
    transport.connect();
  }

  @Override
  public void run() {
    if (!transport.isConnected()) {
      throw new IllegalStateException("not connected");
    }
  }

  @Override
  public void close() throws MessagingException {
    transport.close();
  }
}
