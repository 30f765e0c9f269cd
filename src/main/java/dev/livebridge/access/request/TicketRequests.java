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
 * Answers requests for tickets. Each caller may get a ticket for itself. A caller with the role
 * {@code livebridge.access.ticket-role} (a minter) may get tickets for its users; such a user is a caller of its own
 * and has at most the minter's roles.
 */
@Singleton
public class TicketRequests {

    private static final Set<String> MEMBERS = Set.of("subject", "roles", "origin");

    private static final int MAX_BODY = 1024;

    /** Printable ASCII characters without spaces. */
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
         * A new ticket.
         *
         * @param protocol the ticket as WebSocket subprotocol
         * @param lifetime of the ticket
         */
        record Issued(String protocol, Duration lifetime) implements Answer {}

        /**
         * The caller is refused.
         *
         * @param refusal the reason
         */
        record Denied(AccessRefusal refusal) implements Answer {}

        /**
         * The body is invalid.
         *
         * @param sentence the error
         */
        record Malformed(String sentence) implements Answer {}
    }

    /**
     * Answers a request.
     *
     * @param caller of the request
     * @param origin of the page that sends the request, {@code none} for a program
     * @param body from the client, unchecked: empty for a ticket for the caller, else
     *     {@code {"subject","roles"?,"origin"}}
     */
    public Answer answer(Caller caller, String origin, String body) {
        if (caller.kind() == CallerKind.TICKET) {
            // A ticket that gets tickets would never expire.
            return new Answer.Denied(AccessRefusal.FORBIDDEN);
        }
        if (body.isBlank()) {
            return issued(caller, origin);
        }
        if (!caller.roles().contains(mintRole)) {
            return new Answer.Denied(AccessRefusal.FORBIDDEN);
        }
        if (body.length() > MAX_BODY) {
            return new Answer.Malformed("The body must have at most " + MAX_BODY + " characters.");
        }
        try {
            return forUser(caller, StrictJson.readLimited(body));
        } catch (MalformedJsonException e) {
            return new Answer.Malformed("The body is " + e.getMessage() + ".");
        }
    }

    private Answer forUser(Caller minter, JsonNode request) {
        if (!request.isObject()) {
            return new Answer.Malformed("The body must be an object.");
        }
        for (Iterator<String> names = request.fieldNames(); names.hasNext(); ) {
            if (!MEMBERS.contains(names.next())) {
                return new Answer.Malformed("The body may contain subject, roles and origin only.");
            }
        }
        JsonNode subject = request.path("subject");
        if (!subject.isTextual() || !NAME.matcher(subject.textValue()).matches()) {
            return new Answer.Malformed("subject must be 1 to 128 printable ASCII characters without spaces.");
        }
        Optional<String> page = page(request.path("origin"));
        if (page.isEmpty()) {
            return new Answer.Malformed(
                    "origin must be http(s)://host[:port] of the page that uses the ticket, or none for a program.");
        }
        Set<String> allowed = new HashSet<>(minter.roles());
        allowed.remove(mintRole);
        Set<String> roles = allowed;
        JsonNode requested = request.path("roles");
        if (!requested.isMissingNode()) {
            if (!requested.isArray()) {
                return new Answer.Malformed("roles must be a list of strings.");
            }
            roles = new HashSet<>();
            for (JsonNode role : requested) {
                if (!role.isTextual()) {
                    return new Answer.Malformed("roles must be a list of strings.");
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
