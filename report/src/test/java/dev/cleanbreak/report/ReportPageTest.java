package dev.cleanbreak.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser. */
@Timeout(120)
class ReportPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  @TempDir private static Path folder;
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "no browser: the page was not tried (install chromium and chromium-driver)");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static Path write(int most, Recording... recordings) throws IOException {
    Path page = folder.resolve("page.html");
    try (Writer out = Files.newBufferedWriter(page)) {
      ReportPage.write(List.of(recordings), most, "in short", "0.1", Sample.START, out);
    }
    return page;
  }

  private static Recording one() {
    return new Recording(
        "a.jsonl",
        Sample.jvm(1, "com.acme.Print"),
        Sample.timerCuts(),
        List.of(new DroppedRecord(Sample.START, 37, "too many at once")),
        List.of());
  }

  private static Recording two() {
    return new Recording(
        "b.jsonl",
        Sample.jvm(2, "orders.jar"),
        Sample.otherCuts(),
        List.of(),
        List.of("line 7: no JSON"));
  }

  @BeforeEach
  void load() throws IOException {
    show(write(100, one(), two()), 1280, 1000);
  }

  private static void show(Path page, int width, int height) {
    browser.manage().window().setSize(new Dimension(width, height));
    browser.get("about:blank");
    browser.get(page.toUri().toString());
  }

  private static String text(String selector) {
    return browser.findElement(By.cssSelector(selector)).getText();
  }

  private static List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private static void click(String selector) {
    browser.findElement(By.cssSelector(selector)).click();
  }

  private static void awaitText(String selector, String text) {
    new WebDriverWait(browser, Duration.ofSeconds(10))
        .until(there -> text(selector).contains(text));
  }

  @Test
  void saysWhoCutMost() {
    assertEquals(
        "PollTimer.run in print-driver-1.4.jar (com.acme:print-driver:1.4) made 30 of 34 cuts.",
        text("#lead"));
    assertEquals(
        "34 cuts and 1 orderly close · 2 JVMs · 2026-11-24, 16:00:00 to 16:00:59 UTC",
        text("#scope"));
    assertTrue(text("#jars").contains("one of com.acme:orders:2, com.acme:quotes:3"));
    assertTrue(text("#jvms").contains("37 cuts were counted, but not kept: too many at once"));
    assertTrue(text("#jvms").contains("line 7: no JSON"));
    assertTrue(text("#jvms").contains("not there: e#f"));
  }

  @Test
  void aBarOfARankingFiltersAndIsTakenBack() {
    click("#jars button[data-name='orders-all.jar']");
    assertEquals(
        "Quotes.fastest in orders-all.jar (one of com.acme:orders:2, com.acme:quotes:3"
            + " (a shaded jar)) made all 2 cuts.",
        text("#lead"));
    assertEquals(1, all(".story").size());
    assertEquals("true", browser.switchTo().activeElement().getDomAttribute("aria-pressed"));
    click("#reset");
    assertEquals(4, all(".story").size());
  }

  @Test
  void searchLooksIntoStacksAndMessages() {
    browser.findElement(By.id("text")).sendKeys("fastest(quotes.java http-2");
    awaitText("#lead", "made the only cut");
    browser.findElement(By.id("text")).sendKeys(" nothing-of-this");
    awaitText("#lead", "Nothing that the filters let through.");
  }

  @Test
  void theFilterIsInTheAddress() {
    new Select(browser.findElement(By.id("verdict"))).selectByValue("timer");
    assertEquals(1, all(".story").size());
    String address = browser.getCurrentUrl();
    assertTrue(address.endsWith("#verdict=timer"), address);
    browser.get("about:blank");
    browser.get(address);
    assertEquals(1, all(".story").size());
    assertTrue(text("#lead").endsWith("made all 30 cuts."), text("#lead"));
  }

  @Test
  void orderlyClosesAreShownWhenAsked() {
    assertFalse(text("#stories").contains("expected"));
    click("#expected");
    assertTrue(text("#stories").contains("expected"));
    assertTrue(text("#lead").endsWith("made 30 of 35 cuts."), text("#lead"));
  }

  @Test
  void aStoryTellsTheChainOldestFirstAndTurnsPages() {
    click(".story[data-group^='timer'] summary");
    String story = text(".story[data-group^='timer'] .body");
    int close = story.indexOf("close by thread \"culprit-1\" (id 31)");
    int end = story.indexOf("read of thread \"worker-29\" (id 69) ended");
    assertTrue(close >= 0 && end > close, story);
    assertTrue(story.contains("the sentence of timer"), story);
    assertTrue(story.contains("400 µs before the call ended"), story);
    assertTrue(story.contains("blocked for 7 s"), story);
    assertEquals(
        "com.acme.drv.PollTimer.run(PollTimer.java:42)",
        all(".story[data-group^='timer'] .stack .here").get(0).getText());
    browser.findElement(By.xpath("//button[contains(.,'older')]")).click();
    assertTrue(text(".story[data-group^='timer'] .body").contains("\"worker-28\""));
  }

  @Test
  void theTimelineIsUsedByKeys() {
    WebElement first = browser.findElement(By.cssSelector("#timeline button[tabindex='0']"));
    first.sendKeys(Keys.END);
    WebElement last = browser.switchTo().activeElement();
    assertNotEquals(first.getDomAttribute("aria-label"), last.getDomAttribute("aria-label"));
    last.sendKeys(Keys.ENTER);
    assertTrue(text("#chips").contains("time: 16:00:58"), text("#chips"));
    assertEquals("made the only cut.", text("#lead").replaceFirst("^.*\\) ", ""));
  }

  @Test
  void whatARecordingHoldsStaysText() {
    browser.findElement(By.id("text")).sendKeys("onerror");
    awaitText("#cutsNote", "1 cut in 1 story");
    assertTrue(text("#stories").contains(Sample.HOSTILE), text("#stories"));
    assertEquals("Cleanbreak report", browser.getTitle());
    assertEquals(0, all("img").size());
  }

  @Test
  void ofMoreThanThePageHoldsTheNewestAreThere() throws IOException {
    show(write(10, one(), two()), 1280, 1000);
    assertTrue(text("#scope").startsWith("9 cuts and 1 orderly close"), text("#scope"));
    assertTrue(text("#footer").contains("The 25 oldest cuts are left out"), text("#footer"));
  }

  @Test
  void aRecordingWithoutCutsSaysSo() throws IOException {
    show(
        write(10, new Recording("a", Sample.jvm(1, "A"), List.of(), List.of(), List.of())),
        1280,
        800);
    assertEquals("No call was cut while this was recorded.", text("#lead"));
    assertTrue(text("#jvms").contains("A (pid 1)"));
  }

  @Test
  void fitsAPhoneAndIsAccessibleInBothColours() throws IOException {
    Path page = write(100, one(), two());
    for (int width : new int[] {360, 1280}) {
      show(page, width, 900);
      all(".story summary").forEach(WebElement::click);
      assertEquals(
          0L,
          (Long)
              browser.executeScript(
                  "return document.scrollingElement.scrollWidth - document.documentElement.clientWidth"),
          () -> "sideways at " + width);
      for (String colour : List.of("first", "other")) {
        Results results = new AxeBuilder().analyze(browser);
        assertTrue(
            results.violationFree(), () -> width + " " + colour + ": " + results.getViolations());
        click("#theme");
      }
    }
  }

  @Test
  void asksNobodyAndComplainsOfNothing() {
    assertEquals(
        0L, browser.executeScript("return performance.getEntriesByType('resource').length"));
    assertEquals(List.of(), browser.manage().logs().get(LogType.BROWSER).getAll());
  }

  @Test
  void withoutJavaScriptThereIsTheSummary() throws IOException {
    StringWriter page = new StringWriter();
    ReportPage.write(List.of(one()), 1, "30 <calls>", "0.1", Sample.START, page);
    assertTrue(page.toString().contains("<pre>30 &lt;calls></pre>"));
  }
}
