/* Regular frames out of JSON text, straight into the rows of core/batch.py.
 *
 * Takes values one behind the other as long as each is a frame that core/decode.py would decode strictly:
 * known members only, each once, in range, no null, no escapes, crops in canonical base64. At anything else it
 * stops and says why; whoever calls goes on from there in Python. It never repairs, never guesses, asks for no
 * memory and does not recurse: the grammar of a frame is written out, so there is no depth to exceed. Every
 * byte is read behind a comparison with the end of the text, every row written behind one with its room.
 *
 * What the frames of one camera share (the envelope) is not parsed here: its bytes are looked up among those
 * that Python has decoded before.
 */

#include "known.h"
#include "parts.h"

/* A text is left to whoever called. 0 where there is no room. */
static int leave_open(job *j, uint32_t what, uint32_t row, const byte *base, const text *given)
{
    if (j->open_count == j->open_room)
        return 0;
    j->open[j->open_count++] = (open_text){given->start - base, (uint32_t)given->length, what, row, 0};
    return 1;
}

/* --- reads --- */

typedef struct {
    cursor place;
    const byte *base;
    int full; /* there was no room */
} walk;

static int no_room(walk *w)
{
    w->full = 1;
    return 0;
}

static int same_text(const job *j, const byte *base, uint64_t word, uint64_t other)
{
    if (word < OPEN || other < OPEN)
        return word == other;
    const open_text *a = &j->open[word & ~OPEN], *b = &j->open[other & ~OPEN];
    return a->length == b->length && memcmp(base + a->start, base + b->start, a->length) == 0;
}

/* A plate or a candidate as a word; a text that is none is left open. */
static inline int take_spelling(job *j, walk *w, uint32_t what, uint32_t row, uint64_t *word)
{
    text found;
    if (!take_plate(&w->place, &found, word))
        return 0;
    if (LIKELY(*word != OPEN))
        return 1;
    *word |= j->open_count;
    return leave_open(j, what, row, w->base, &found) || no_room(w);
}

static const name CANDIDATE[] = {NAME("plate"), NAME("confidence"), NAME("matches_template")};

static inline int take_candidate(job *j, walk *w)
{
    cursor *c = &w->place;
    uint32_t row = j->candidate_count, seen = 0;
    int next = 0, more;
    if (row == j->candidate_room)
        return no_room(w);
    candidate_row *candidate = &j->candidates[row];
    if (!take(c, '{'))
        return 0;
    do {
        int fine = 0;
        double confidence;
        int8_t flag;
        switch (take_name(c, CANDIDATE, 3, &next, &seen)) {
        case 0:
            fine = take_spelling(j, w, CANDIDATE_PLATE, row, &j->candidate_plates[row]);
            break;
        case 1:
            fine = take_real(c, 100, &confidence);
            if (fine) {
                /* Adding and taking away 1.5 * 2^52 rounds to the next whole number, ties to even. */
                const double magic = 6755399441055744.0;
                candidate->confidence = (uint16_t)(confidence * CANDIDATE_STEPS + magic - magic);
                j->confidences[row] = confidence;
            }
            break;
        case 2:
            fine = take_flag(c, &flag);
            if (fine)
                candidate->matches_template = flag;
            break;
        }
        if (!fine)
            return 0;
        more = follows(c, '}');
    } while (more > 0);
    if (more < 0 || seen != 7)
        return 0;
    j->candidate_count++;
    return 1;
}

static int take_candidates(job *j, walk *w)
{
    cursor *c = &w->place;
    int more;
    if (!take(c, '['))
        return 0;
    if (peek(c) == ']')
        return take(c, ']');
    do {
        if (!take_candidate(j, w))
            return 0;
        more = follows(c, ']');
    } while (more > 0);
    return more == 0;
}

enum {
    R_PLATE, R_CONFIDENCE, R_TEMPLATE, R_INDEX, R_REGION, R_REGION_CONFIDENCE, R_TIME, R_TOPN, R_COORDINATES,
    R_VEHICLE, R_DETECTED, R_CANDIDATES, R_CROP, R_COUNT
};
static const name READ[R_COUNT] = {
    NAME("plate"), NAME("confidence"), NAME("matches_template"), NAME("plate_index"), NAME("region"),
    NAME("region_confidence"), NAME("processing_time_ms"), NAME("requested_topn"), NAME("coordinates"),
    NAME("vehicle_region"), NAME("vehicle_detected"), NAME("candidates"), NAME("plate_crop_jpeg")};

static int take_region(job *j, walk *w, uint32_t row, uint32_t *code)
{
    text found;
    if (!take_text(&w->place, MAX_TEXT, &found))
        return 0;
    *code = code_of(&j->known, REGION, found.start, (uint32_t)found.length);
    return *code != CODE_ABSENT || leave_open(j, REGION, row, w->base, &found) || no_room(w);
}

/* Confidence of the plate minus the highest of a candidate with different text: core.frame.margin. */
static float margin(const job *j, const walk *w, uint64_t plate, double confidence, uint32_t first)
{
    double highest = -1;
    for (uint32_t row = first; row < j->candidate_count; row++)
        if (j->confidences[row] > highest && !same_text(j, w->base, plate, j->candidate_plates[row]))
            highest = j->confidences[row];
    return highest < 0 ? __builtin_nanf("") : (float)(confidence - highest);
}

static int take_read(job *j, walk *w, uint32_t position)
{
    cursor *c = &w->place;
    uint32_t row = j->read_count, first_candidate = j->candidate_count, seen = 0;
    int next = 0, more;
    if (row == j->read_room)
        return no_room(w);
    read_row read;
    read.frame = j->frame_count;
    read.position = position;
    read.plate_index = INT32_MIN;
    read.plate = read.region = CODE_ABSENT;
    read.confidence = read.margin = read.region_confidence = __builtin_nanf("");
    read.matches_template = INT8_MIN;
    for (int k = 0; k < 8; k++)
        read.quad[k] = INT16_MIN;
    for (int k = 0; k < 4; k++)
        read.vehicle[k] = INT16_MIN;
    read.crop_text = 0;
    double confidence = 0;
    if (!take(c, '{'))
        return 0;
    do {
        int fine = 0;
        double real;
        int64_t integer;
        int8_t flag;
        uint32_t code;
        int16_t numbers[8];
        switch (take_name(c, READ, R_COUNT, &next, &seen)) {
        case R_PLATE:
            fine = take_spelling(j, w, READ_PLATE, row, &j->read_plates[row]);
            break;
        case R_CONFIDENCE:
            fine = take_real(c, 100, &confidence);
            read.confidence = (float)confidence;
            break;
        case R_TEMPLATE:
            fine = take_flag(c, &flag);
            if (fine)
                read.matches_template = flag;
            break;
        case R_INDEX:
            fine = take_integer(c, 0, MAX_SMALL, &integer);
            if (fine)
                read.plate_index = (int32_t)integer;
            break;
        case R_REGION:
            fine = take_region(j, w, row, &code);
            if (fine)
                read.region = code;
            break;
        case R_REGION_CONFIDENCE:
            fine = take_real(c, 100, &real);
            if (fine)
                read.region_confidence = (float)real;
            break;
        case R_TIME:
            fine = take_real(c, 999999999, &real);
            break;
        case R_TOPN:
            fine = take_integer(c, 0, MAX_SMALL, &integer);
            break;
        case R_COORDINATES:
            fine = take_corners(c, numbers);
            if (fine)
                memcpy(read.quad, numbers, sizeof read.quad);
            break;
        case R_VEHICLE:
            fine = take_numbers(c, BOX, 4, numbers);
            if (fine)
                memcpy(read.vehicle, numbers, sizeof read.vehicle);
            break;
        case R_DETECTED:
            fine = take_truth(c);
            break;
        case R_CANDIDATES:
            fine = take_candidates(j, w);
            break;
        case R_CROP:
            fine = take_crop(c, &code);
            if (fine)
                read.crop_text = code;
            break;
        }
        if (!fine)
            return 0;
        more = follows(c, '}');
    } while (more > 0);
    if (more < 0 || !(seen >> R_PLATE & 1))
        return 0;
    read.candidates = j->candidate_count - first_candidate;
    if (seen >> R_CONFIDENCE & 1)
        read.margin = margin(j, w, j->read_plates[row], confidence, first_candidate);
    j->reads[row] = read;
    j->read_count++;
    return 1;
}

static int take_reads(job *j, walk *w, uint32_t *count)
{
    cursor *c = &w->place;
    int more;
    *count = 0;
    if (!take(c, '['))
        return 0;
    if (peek(c) == ']')
        return take(c, ']');
    do {
        if (*count == MAX_READS || !take_read(j, w, (*count)++))
            return 0;
        more = follows(c, ']');
    } while (more > 0);
    return more == 0;
}

/* --- frames --- */

/* In the order in which agents write them. What has no name here belongs to the envelope. */
enum { F_UUID = 2, F_EPOCH = 3, F_TIME = 12, F_RESULTS = 14, F_USER_DATA = 16, F_COUNT = 18 };
static const name FRAME[F_COUNT] = {
    NAME("data_type"), NAME("version"), [F_UUID] = NAME("uuid"), [F_EPOCH] = NAME("epoch_time"),
    NAME("camera_id"), NAME("agent_uid"), NAME("agent_type"), NAME("agent_version"), NAME("company_id"),
    NAME("error"), NAME("img_width"), NAME("img_height"), [F_TIME] = NAME("processing_time_ms"),
    NAME("regions_of_interest"), [F_RESULTS] = NAME("results"), NAME("site_id"),
    [F_USER_DATA] = NAME("user_data"), NAME("vehicles")};

/* A value whose bytes will be looked up: a text without escapes, a list to its first closing bracket, or
 * whatever else has no structure. Whether it is JSON need not be known here. */
static int pass_value(cursor *c)
{
    text found;
    int first = peek(c);
    if (first == '"')
        return take_text(c, KEY_ROOM, &found);
    if (first == '{')
        return 0;
    for (const byte *at = c->at; at < c->end; at++) {
        if (*at < ' ' ? *at != '\n' && *at != '\r' && *at != '\t' : *at == '\\')
            return 0;
        if (first == '[' ? *at == ']' : *at <= ' ' || *at == ',' || *at == '}') {
            c->at = at + (first == '[');
            return 1;
        }
    }
    return at_end(c);
}

/* A member of the envelope, added to the key: its number, its bytes, a zero byte. */
static int take_envelope_member(job *j, cursor *c, int number)
{
    if (peek(c) < 0)
        return 0;
    const byte *start = c->at;
    if (!pass_value(c))
        return 0;
    size_t length = (size_t)(c->at - start);
    if (length + 2 > KEY_ROOM - j->key_length)
        return 0;
    byte *key = j->key + j->key_length;
    key[0] = (byte)number;
    memcpy(key + 1, start, length);
    key[length + 1] = 0;
    j->key_length += (uint32_t)length + 2;
    return 1;
}

/* A uuid in two parts: core.frame.split_uuid. */
static int take_uuid(job *j, walk *w, uint32_t *head, int64_t *tail)
{
    text found;
    if (!take_text(&w->place, MAX_TEXT, &found))
        return 0;
    *tail = -1;
    const byte *end = found.start + found.length, *at = end;
    while (at > found.start && (byte)(at[-1] - '0') < 10)
        at--;
    int64_t digits = end - at;
    if (digits >= 1 && digits <= 18 && (*at != '0' || digits == 1) && at > found.start && at[-1] == '-') {
        int64_t number = 0;
        for (const byte *digit = at; digit < end; digit++)
            number = number * 10 + (*digit - '0');
        *tail = number;
        found.length = at - 1 - found.start;
    }
    *head = code_of(&j->known, UUID_HEAD, found.start, (uint32_t)found.length);
    return *head != CODE_ABSENT || leave_open(j, UUID_HEAD, j->frame_count, w->base, &found) || no_room(w);
}

enum { ENVELOPE = UUID_HEAD + 1 };

/* A whole frame, into the next rows. Returns OTHER where it is none, UNKNOWN where only its envelope is not
 * known, and NOTHING (of all this) where all is well; the rows count only then. */
static int take_frame(job *j, walk *w)
{
    cursor *c = &w->place;
    const byte *start = c->at;
    uint32_t seen = 0, reads = 0, head = CODE_ABSENT;
    int next = 0, more;
    int64_t tail = -1, epoch_time = INT64_MIN;
    double time = __builtin_nan("");
    text user_data;
    if (j->frame_count == j->frame_room)
        return no_room(w), OTHER;
    j->key_length = 0;
    if (!take(c, '{'))
        return OTHER;
    do {
        int fine = 0, number = take_name(c, FRAME, F_COUNT, &next, &seen);
        switch (number) {
        case -1:
            break;
        case F_UUID:
            fine = take_uuid(j, w, &head, &tail);
            break;
        case F_EPOCH:
            fine = take_integer(c, MIN_EPOCH_MS, MAX_EPOCH_MS - 1, &epoch_time);
            break;
        case F_TIME:
            fine = take_real(c, 999999999, &time);
            break;
        case F_RESULTS:
            fine = take_reads(j, w, &reads);
            break;
        case F_USER_DATA:
            fine = take_text(c, MAX_USER_DATA, &user_data);
            break;
        default:
            fine = take_envelope_member(j, c, number);
        }
        if (!fine)
            return OTHER;
        more = follows(c, '}');
    } while (more > 0);
    if (more < 0 || !(seen >> F_RESULTS & 1) || c->at - start > MAX_VALUE_BYTES)
        return OTHER;
    uint32_t envelope = code_of(&j->known, ENVELOPE, j->key, j->key_length);
    if (envelope == CODE_ABSENT)
        return UNKNOWN;
    j->frames[j->frame_count++] = (frame_row){
        .offset = start - w->base + j->moved, .length = (uint32_t)(c->at - start), .reads = reads,
        .first_read = j->read_count - reads, .envelope = envelope, .uuid_head = head, .uuid_tail = tail,
        .epoch_time = epoch_time, .processing_time_ms = (float)time};
    return NOTHING;
}

/* Take values from a place in a text on, white space and commas between them. Fills the rows from their
 * beginning; returns why it stopped. */
EXPORT int32_t alpr_take(job *j, const byte *base, int64_t begin, int64_t size)
{
    walk w = {{base + begin, base + size, 0}, base, 0};
    cursor *c = &w.place;
    j->frame_count = j->read_count = j->candidate_count = j->open_count = 0;
    j->value_bytes = 0;
    j->end = j->stop = begin;
    for (;;) {
        int first;
        while ((first = peek(c)) == ',')
            c->at++;
        j->stop = c->at - base;
        if (first != '{')
            return NOTHING;
        uint32_t reads = j->read_count, candidates = j->candidate_count, open = j->open_count;
        int outcome = take_frame(j, &w);
        if (outcome != NOTHING) {
            j->read_count = reads, j->candidate_count = candidates, j->open_count = open;
            j->stop_end = c->at - base;
            return w.full ? FULL : c->cut ? CUT : outcome;
        }
        j->end = c->at - base;
        j->value_bytes += j->end - j->stop;
    }
}

/* Remember the code of a text, which is not CODE_ABSENT. 0 where there is no room. */
EXPORT int32_t alpr_remember(job *j, byte what, const byte *bytes, uint32_t length, uint32_t code)
{
    known_texts *known = &j->known;
    uint64_t hash = hash_of(what, bytes, length);
    uint32_t place = place_of(known, hash, what, bytes, length);
    if (known->codes[place])
        return 1;
    if (known->count >= known->room / 2 || length >= known->bytes_room - known->bytes_used)
        return 0;
    known->hashes[place] = hash;
    known->starts[place] = known->bytes_used;
    known->lengths[place] = length;
    known->codes[place] = code;
    known->bytes[known->bytes_used] = what;
    memcpy(known->bytes + known->bytes_used + 1, bytes, length);
    known->bytes_used += length + 1;
    known->count++;
    return 1;
}

/* Sizes of what both sides lay out. */
EXPORT int32_t alpr_size(int32_t what)
{
    const size_t sizes[] = {
        sizeof(frame_row), sizeof(read_row), sizeof(candidate_row), sizeof(open_text), sizeof(job)};
    return what < (int)(sizeof sizes / sizeof *sizes) ? (int32_t)sizes[what] : 0;
}
