/** What can be wrong with a dataworks.json. The docs list it from here. */
export interface Mistake {
  /** Stable: `DW4xxx`. */
  readonly code: string;
  /** What is wrong, as a sentence. */
  readonly message: string;
}

const mistake = (code: string, message: string): Mistake => ({ code, message });

export const MISTAKES = {
  // Text
  unreadable: mistake('DW4000', 'The file cannot be read.'),
  notJson: mistake('DW4001', 'Not JSON.'),
  repeatedKey: mistake('DW4002', 'The key stands here more than once; all but the last would be ignored.'),

  // Shape
  unknownKey: mistake('DW4003', 'Unknown key.'),
  missing: mistake('DW4004', 'Missing.'),
  notAChoice: mistake('DW4005', 'Not one of the choices.'),
  wrongType: mistake('DW4006', 'Wrong type.'),
  wrongForm: mistake('DW4007', 'Wrong form.'),
  outOfRange: mistake('DW4008', 'Out of range.'),

  // Environments
  nameTaken: mistake('DW4011', 'Another environment has this name.'),
  accountTaken: mistake('DW4012', 'Another environment is in the same account and region.'),
  afterNobody: mistake('DW4013', 'Not an environment that comes before this one.'),
  destroysProduction: mistake('DW4014', 'Data of production is never deleted with its stack.'),
  oldPlan: mistake('DW4015', 'A plan for production should not wait longer than a week.'),
  stateBucketName: mistake('DW4019', "The state bucket's name would be too long."),
  repositoryMissing: mistake('DW4026', "The pipeline's roles would trust no repository."),
  placeholder: mistake('DW4027', 'A placeholder: CircleCI gives no token with this id, so the roles of the pipeline would trust nobody.'),
  foreignAdministrator: mistake('DW4025', 'The role is of another account than the environment.'),

  // Zones
  unknownZone: mistake('DW4016', 'The lake has no such zone.'),
  noVersions: mistake('DW4017', 'Without versioning there are no noncurrent versions.'),
  versionsForEver: mistake('DW4018', 'Old versions would pile up for ever.'),
  infrequentAccessTooEarly: mistake('DW4022', 'S3 would reject the transition: objects stay 30 days in S3 Standard before this class.'),
  transitionOrder: mistake('DW4023', 'S3 would reject the transition: it cannot follow the one before.'),
  deletedBeforeMoved: mistake('DW4024', 'S3 would reject the rule: objects are deleted before they have moved.'),

  // Tags
  lakesOwnTag: mistake('DW4020', 'The lake sets this tag itself.'),
  tooManyTags: mistake('DW4021', 'Together with the tags of the lake, AWS would reject so many on one resource.'),
} as const;
