"""SkillService: read the message, call the room, write the message."""

import json
from typing import Any

from tzurot.skill.skills import Skills
from tzurot.skill.v1 import skill_pb2, skill_service_pb2_grpc
from tzurot.skill.v1 import skill_service_pb2 as pb


class SkillServicer(skill_service_pb2_grpc.SkillServiceServicer):
    """The skills."""

    def __init__(self, skills: Skills) -> None:
        self._skills = skills

    async def ListSkills(
        self, request: pb.ListSkillsRequest, context: Any
    ) -> pb.ListSkillsResponse:
        """All skills by name."""
        return pb.ListSkillsResponse(
            skills=[
                skill_pb2.Skill(
                    name=skill.name,
                    description=skill.description,
                    parameters_schema=json.dumps(skill.parameters),
                )
                for skill in self._skills.all
            ]
        )
