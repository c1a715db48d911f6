package dev.cleanbreak.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedPageTest {
  @TempDir Path folder;
  private Path page;

  @BeforeEach
  void page() {
    page = folder.resolve("page.md");
  }

  @Test
  void onlyThePartBetweenTheMarkersChanges() throws IOException {
    Files.writeString(
        page, "before\n" + MarkedPage.BEGIN + "\nold\n" + MarkedPage.END + "\nafter\n");
    for (String text : new String[] {"first\n", "second\n"}) {
      new MarkedPage(page).replace(text);
      assertEquals(
          "before\n" + MarkedPage.BEGIN + "\n\n" + text + "\n" + MarkedPage.END + "\nafter\n",
          Files.readString(page));
    }
  }

  @Test
  void aPageWithoutMarkersIsLeftAlone() throws IOException {
    Files.writeString(page, "text\n" + MarkedPage.END + MarkedPage.BEGIN);
    assertThrows(IOException.class, () -> new MarkedPage(page).check());
    assertThrows(IOException.class, () -> new MarkedPage(page).replace("new"));
    assertEquals("text\n" + MarkedPage.END + MarkedPage.BEGIN, Files.readString(page));
  }
}
