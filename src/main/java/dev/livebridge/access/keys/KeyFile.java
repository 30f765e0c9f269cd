package dev.livebridge.access.keys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.http.Origin;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key file: {@code {"keys":[{"id","subject","roles","hashes","origins","expires"}]}}; all members except {@code id}
 * and {@code hashes} are optional.
 *
 * @param keys by their id, in the order of the file
 */
record KeyFile(Map<String, ApiKey> keys) {

    private static final String SETTING = "livebridge.access.keys-file";
    private static final Set<String> MEMBERS = Set.of("id", "subject", "roles", "hashes", "origins", "expires");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** The form of a subject or a role: printable ASCII characters without spaces. */
    static final Pattern NAME = Pattern.compile("[!-~]{1,128}");

    KeyFile {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /**
     * Parses the file's text.
     *
     * @throws ConfigurationException with one sentence that names the entry and contains no hash
     */
    static KeyFile parse(String text) {
        JsonNode file;
        try {
            file = StrictJson.read(text);
        } catch (MalformedJsonException e) {
            throw refused("the file is " + e.getMessage());
        }
        JsonNode list = file.path("keys");
        if (!list.isArray() || file.size() != 1) {
            throw refused("the file must be an object with the list \"keys\" only");
        }
        Map<String, ApiKey> keys = new LinkedHashMap<>();
        int position = 0;
        for (JsonNode entry : list) {
            ApiKey key = read(entry, ++position);
            if (keys.put(key.id(), key) != null) {
                throw refused("two keys have the id " + key.id());
            }
        }
        return new KeyFile(keys);
    }

    private static ApiKey read(JsonNode entry, int position) {
        String id = entry.path("id").asText();
        if (!entry.path("id").isTextual() || !ApiKeyText.ID.matcher(id).matches()) {
            throw refused("the id of key " + position
                    + " must be 1 to 40 lower-case letters, digits or hyphens, with a letter or digit at both ends");
        }
        entry.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw refused("key " + id + " has an unknown member; the members are " + new TreeSet<>(MEMBERS));
            }
        });
        List<String> hashes = texts(entry, "hashes", id);
        if (hashes.isEmpty()
                || hashes.size() > ApiKey.MAX_HASHES
                || !hashes.stream().allMatch(hash -> HASH.matcher(hash).matches())) {
            throw refused("key " + id + " must have one or two hashes of 64 lower-case hexadecimal digits");
        }
        JsonNode subject = entry.path("subject");
        if (!subject.isMissingNode()
                && !(subject.isTextual() && NAME.matcher(subject.asText()).matches())) {
            throw refused("the subject of key " + id + " must be 1 to 128 printable ASCII characters without spaces");
        }
        Set<String> roles = new LinkedHashSet<>(texts(entry, "roles", id));
        if (!roles.stream().allMatch(role -> NAME.matcher(role).matches())) {
            throw refused("the roles of key " + id + " must be printable ASCII characters without spaces");
        }
        return new ApiKey(
                id,
                subject.isMissingNode() ? id : subject.asText(),
                roles,
                hashes,
                origins(texts(entry, "origins", id), id),
                expiry(entry, id));
    }

    private static List<String> texts(JsonNode entry, String member, String id) {
        JsonNode list = entry.path(member);
        List<String> texts = new ArrayList<>();
        if (list.isMissingNode()) {
            return texts;
        }
        boolean valid = list.isArray();
        for (JsonNode text : list) {
            valid &= text.isTextual();
            texts.add(text.asText());
        }
        if (!valid) {
            throw refused(member + " of key " + id + " must be a list of strings");
        }
        return texts;
    }

    private static Set<String> origins(List<String> texts, String id) {
        return texts.stream()
                .map(text -> Origin.parse(text)
                        .map(Origin::text)
                        .orElseThrow(() ->
                                refused("an origin of key " + id + " must be http(s)://host or http(s)://host:port")))
                .collect(Collectors.toSet());
    }

    private static @Nullable Instant expiry(JsonNode entry, String id) {
        JsonNode expires = entry.path("expires");
        if (expires.isMissingNode()) {
            return null;
        }
        try {
            return Instant.parse(expires.asText());
        } catch (DateTimeParseException _) {
            throw refused("expires of key " + id + " must be a time such as 2027-01-31T00:00:00Z");
        }
    }

    private static ConfigurationException refused(String why) {
        return new ConfigurationException(SETTING + ": " + why + ".");
    }

    /** The file's text, with one line per key, so that a diff shows changes. */
    String text() {
        return keys.values().stream().map(KeyFile::line).collect(Collectors.joining(",\n", "{\"keys\":[\n", "\n]}\n"));
    }

    private static String line(ApiKey key) {
        JsonText line = JsonText.object().put("id", key.id()).put("subject", key.subject());
        if (!key.roles().isEmpty()) {
            line.put("roles", new TreeSet<>(key.roles()));
        }
        if (!key.origins().isEmpty()) {
            line.put("origins", new TreeSet<>(key.origins()));
        }
        if (key.expiresAt() != null) {
            line.put("expires", key.expiresAt().toString());
        }
        return line.put("hashes", key.hashes()).end();
    }
}
