namespace Lazykick.Cli.Perfetto;

/// <summary>
/// Numbers of fields in Perfetto's public protobuf schema (protos/perfetto/trace), which never change.
/// </summary>
internal static class PerfettoFields
{
    // Trace
    public const int Packet = 1;

    // TracePacket
    public const int Timestamp = 8;
    public const int Sequence = 10;
    public const int Event = 11;
    public const int Interned = 12;
    public const int SequenceFlags = 13;
    public const int Track = 60;

    // TrackDescriptor
    public const int Uuid = 1;
    public const int Name = 2;
    public const int ParentUuid = 5;
    public const int Counter = 8;
    public const int ChildOrdering = 11;
    public const int SiblingOrder = 12;

    // CounterDescriptor
    public const int UnitName = 6;

    // TrackEvent
    public const int Annotation = 4;
    public const int EventType = 9;
    public const int NameId = 10;
    public const int TrackUuid = 11;
    public const int CounterValue = 30;
    public const int FlowIds = 47;
    public const int EndingFlowIds = 48;

    // DebugAnnotation
    public const int AnnotationNumber = 3;
    public const int AnnotationText = 6;
    public const int AnnotationName = 10;

    // InternedData and EventName
    public const int EventNames = 2;
    public const int InternedId = 1;
    public const int InternedName = 2;

    // Values
    public const ulong Begin = 1;
    public const ulong End = 2;
    public const ulong Instant = 3;
    public const ulong Count = 4;
    public const ulong ExplicitOrder = 3;
    public const ulong Cleared = 1;
    public const ulong NeedsEarlier = 2;
}
