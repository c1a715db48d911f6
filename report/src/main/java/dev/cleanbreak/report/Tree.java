package dev.cleanbreak.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object as it was read. What is asked for and not there is a {@link ReadException}. */
final class Tree {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, Object> members;

  private Tree(Map<String, Object> members) {
    this.members = members;
  }

  /** Says what is wrong with a line. */
  static final class ReadException extends Exception {
    private static final long serialVersionUID = 1;

    ReadException(String message) {
      super(message);
    }
  }

  static Tree of(String line) throws ReadException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ReadException("no JSON object");
      }
      Tree tree = new Tree(object(parser));
      if (parser.nextToken() != null) {
        throw new ReadException("more than one JSON value in the line");
      }
      return tree;
    } catch (JsonParseException e) {
      throw new ReadException("no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ReadException("no JSON: " + e.getMessage());
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return members;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new Tree(object(parser));
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object value = value(parser);
          if (value != null) {
            values.add(value);
          }
        }
        yield values;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  String string(String name) throws ReadException {
    return required(name, String.class);
  }

  @Nullable String stringOrNull(String name) throws ReadException {
    return optional(name, String.class);
  }

  long number(String name) throws ReadException {
    return required(name, Long.class);
  }

  @Nullable Long numberOrNull(String name) throws ReadException {
    return optional(name, Long.class);
  }

  boolean truth(String name) throws ReadException {
    return required(name, Boolean.class);
  }

  Tree tree(String name) throws ReadException {
    return required(name, Tree.class);
  }

  @Nullable Tree treeOrNull(String name) throws ReadException {
    return optional(name, Tree.class);
  }

  /** The elements of an array, all of that type. */
  <T> List<T> list(String name, Class<T> type) throws ReadException {
    List<T> elements = new ArrayList<>();
    for (Object element : required(name, List.class)) {
      elements.add(cast(name, element, type));
    }
    return elements;
  }

  private <T> T required(String name, Class<T> type) throws ReadException {
    T value = optional(name, type);
    if (value == null) {
      throw new ReadException("no \"" + name + "\"");
    }
    return value;
  }

  private <T> @Nullable T optional(String name, Class<T> type) throws ReadException {
    Object value = members.get(name);
    return value == null ? null : cast(name, value, type);
  }

  private static <T> T cast(String name, Object value, Class<T> type) throws ReadException {
    if (!type.isInstance(value)) {
      throw new ReadException("\"" + name + "\" has the wrong type");
    }
    return type.cast(value);
  }
}
