// Counts the texts of a JSON list as Twilio's calculator does, in the same order.
const { SegmentedMessage } = require("sms-segments-calculator");

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const counts = texts.map((text) => {
  const counted = new SegmentedMessage(text);
  return [counted.encodingName, counted.segmentsCount];
});
process.stdout.write(JSON.stringify(counts));
