package dev.livebridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The recorded and captured sessions in {@code gemini-live-samples} (gemini-live-api.md section 17). */
public final class Samples {

    private static final String FOLDER = "/gemini-live-samples";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("@b64:([0-9]+)");

    private Samples() {}

    /**
     * One line of a sample file that holds a frame with JSON.
     *
     * @param file the file's name
     * @param line its line, counted from 1
     * @param fromServer whether the service sent it
     * @param text the payload; in the service's own layout when the service sent it
     */
    public record Frame(String file, int line, boolean fromServer, String text) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** The names of all files. */
    public static List<String> files() {
        try (Stream<Path> files = Files.list(Path.of(
                Objects.requireNonNull(Samples.class.getResource(FOLDER)).toURI()))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All lines of a file as they are. */
    public static List<JsonNode> lines(String file) {
        try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(FOLDER + "/" + file), file)) {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                lines.add(MAPPER.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All WebSocket frames that hold JSON, placeholders replaced by base64 of that many bytes. */
    public static List<Frame> frames() {
        return files().stream().flatMap(file -> frames(file).stream()).toList();
    }

    /** The WebSocket frames of one file that hold JSON. */
    public static List<Frame> frames(String file) {
        List<Frame> frames = new ArrayList<>();
        List<JsonNode> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            boolean http = line.path("frame").asText().startsWith("http-");
            if (line.has("dir") && !http && (line.has("json") || line.has("raw"))) {
                boolean fromServer = line.get("dir").asText().equals("s2c");
                String text = line.has("raw") ? line.get("raw").asText() : payload(line.get("json"), fromServer);
                frames.add(new Frame(file, i + 1, fromServer, expand(text)));
            }
        }
        return frames;
    }

    /** The service pretty-prints and ends with a new line. */
    private static String payload(JsonNode json, boolean fromServer) {
        return fromServer ? json.toPrettyString().replace("\" : ", "\": ") + "\n" : compact(json);
    }

    private static String compact(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String expand(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(base64(match.group(1))));
    }

    private static String base64(String length) {
        byte[] data = new byte[Integer.parseInt(length)];
        new Random(data.length).nextBytes(data);
        return Base64.getEncoder().encodeToString(data);
    }
}
