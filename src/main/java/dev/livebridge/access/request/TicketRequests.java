package dev.livebridge.access.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.http.Origin;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may have which ticket. A caller may have one for itself. A caller with the role to mint may have one for each of
 * its own users, who then counts as a caller of its own with at most the minter's roles.
 */
@Singleton
public class TicketRequests {

    private static final Set<String> MEMBERS = Set.of("subject", "roles", "origin");

    /** Printable, without spaces. */
    private static final Pattern NAME = Pattern.compile("[!-~]{1,128}");

    private final Tickets tickets;
    private final String mintRole;

    TicketRequests(Tickets tickets, AccessSettings settings) {
        this.tickets = tickets;
        this.mintRole = settings.access().ticketRole();
    }

    /** The answer to a request for a ticket. */
    public sealed interface Answer {

        /**
         * A ticket.
         *
         * @param protocol the WebSocket subprotocol that carries it
         * @param lifetime for which it is good
         */
        record Issued(String protocol, Duration lifetime) implements Answer {}

        /**
         * The caller may not have it.
         *
         * @param refusal why
         */
        record Denied(AccessRefusal refusal) implements Answer {}

        /**
         * The request can't be understood.
         *
         * @param sentence what is wrong
         */
        record Malformed(String sentence) implements Answer {}
    }

    /**
     * Answers a request.
     *
     * @param caller who asks
     * @param origin of the page that asks, {@code none} for a program
     * @param body empty for a ticket for the caller itself, else {@code {"subject","roles"?,"origin"}}
     */
    public Answer answer(Caller caller, String origin, String body) {
        if (caller.kind() == CallerKind.TICKET) {
            // Else a ticket would last for ever.
            return new Answer.Denied(AccessRefusal.FORBIDDEN);
        }
        if (body.isBlank()) {
            return issued(caller, origin);
        }
        if (!caller.roles().contains(mintRole)) {
            return new Answer.Denied(AccessRefusal.FORBIDDEN);
        }
        try {
            return forUser(caller, StrictJson.readLimited(body));
        } catch (MalformedJsonException malformed) {
            return new Answer.Malformed("The body is " + malformed.getMessage() + ".");
        }
    }

    private Answer forUser(Caller minter, JsonNode request) {
        if (!request.isObject()) {
            return new Answer.Malformed("The body must be an object.");
        }
        for (Iterator<String> names = request.fieldNames(); names.hasNext(); ) {
            if (!MEMBERS.contains(names.next())) {
                return new Answer.Malformed("The body may hold subject, roles and origin only.");
            }
        }
        JsonNode subject = request.path("subject");
        if (!subject.isTextual() || !NAME.matcher(subject.textValue()).matches()) {
            return new Answer.Malformed("subject must be 1 to 128 printable characters without spaces.");
        }
        Optional<String> page = page(request.path("origin"));
        if (page.isEmpty()) {
            return new Answer.Malformed(
                    "origin must be http(s)://host[:port] of the page that will use the ticket, or none for a program.");
        }
        Set<String> allowed = new HashSet<>(minter.roles());
        allowed.remove(mintRole);
        Set<String> roles = allowed;
        JsonNode wanted = request.path("roles");
        if (!wanted.isMissingNode()) {
            if (!wanted.isArray()) {
                return new Answer.Malformed("roles must be a list of texts.");
            }
            roles = new HashSet<>();
            for (JsonNode role : wanted) {
                if (!role.isTextual()) {
                    return new Answer.Malformed("roles must be a list of texts.");
                }
                roles.add(role.textValue());
            }
            if (!allowed.containsAll(roles)) {
                return new Answer.Denied(AccessRefusal.FORBIDDEN);
            }
        }
        return issued(
                new Caller(
                        minter.subject() + "/" + subject.textValue(),
                        CallerKind.TICKET,
                        roles,
                        minter.credentialId(),
                        null,
                        Caller.DEFAULT_RULE),
                page.get());
    }

    private static Optional<String> page(JsonNode origin) {
        if (!origin.isTextual()) {
            return Optional.empty();
        }
        return origin.textValue().equals(CallerAccess.NO_ORIGIN)
                ? Optional.of(CallerAccess.NO_ORIGIN)
                : Origin.parse(origin.textValue()).map(Origin::text);
    }

    private Answer issued(Caller caller, String origin) {
        return new Answer.Issued(Carriers.TICKET_PROTOCOL + tickets.issue(caller, origin), tickets.lifetime());
    }
}
